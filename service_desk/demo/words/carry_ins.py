"""What is carried to the counter: the devices of each category, and what is wrong with them."""

from . import carried, lines

LAPTOP_ITEMS = lines("""
    ThinkPad T14
    Latitude 5420
    EliteBook 840
    MacBook Air 13
    Yoga Slim 7
    Aspire 5
    ProBook 450
    ThinkPad X1 Carbon
    Surface Laptop 4
""")

LAPTOPS = carried("""
    any
    Does not charge.
    The charger gets warm, but the light stays off. Another charger did not help.
    Charging socket was torn off the board. Soldered in a new one.

    any
    Screen is broken on the left.
    It fell from a table. The lines move when one presses the frame.
    Fitted a new panel, checked the hinges.

    any
    Tea in the keyboard.
    About half a cup, yesterday evening. It was switched off at once.
    Cleaned the board in the bath, new keyboard. Starts and stays on.

    any
    Very slow, fan always loud.
    It takes five minutes until one can type.
    New paste and a solid-state disk, system moved over. Starts in 15 seconds.

    any
    Blue screen about once an hour.
    It began after more memory was put in.
    The new module was faulty. Replaced it, six hours of tests without an error.

    any
    Battery lasts twenty minutes.
    The floor of the device has become a bit round.
    Battery was swollen. Replaced it and recycled the old one.

    any
    Hinge is broken.
    The lid can only be opened by holding it together.
    Fitted new hinges and glued the thread inserts.

    any
    Does not find any Wi-Fi.
    The switch on the side is on. By cable it works.
    Antenna cable had slipped off. Reconnected it and tested both bands.
""")

DESKTOP_ITEMS = lines("""
    OptiPlex 3080
    ProDesk 400
    ThinkCentre M70
    Gaming PC, black tower
    Veriton small tower
    iMac 24
""")

DESKTOPS = carried("""
    any
    No sign of life.
    It went off with a bang and a smell.
    New power supply. Board and disks are unharmed.

    OptiPlex 3080 / ProDesk 400 / ThinkCentre M70 / Gaming PC, black tower
    Goes off after a few minutes.
    Always when something large is opened.
    The cooler had come loose. Fixed it, stable under full load for two hours.

    any
    Beeps three times and stays dark.
    It was moved to another room in the boot of a car.
    Memory had come loose. Cleaned and seated it.

    any
    Files must be saved from the old disk.
    The disk clicks. Photos of ten years and the tax papers are on it.
    Read 98 per cent of the disk; everything is on the new one.

    Gaming PC, black tower / Veriton small tower
    No picture since the new graphics card.
    The old card is in the bag.
    The card needed a second power plug. Connected it, loaded the driver.

    any
    Does not come past the logo.
    An update had been running the whole night.
    Took back the update, repaired the start, updated again.
""")

PHONE_ITEMS = lines("""
    iPhone 12
    iPhone SE
    Galaxy S21
    Galaxy A53
    Pixel 6
    iPad 9th generation
    Galaxy Tab A8
    Fairphone 4
""")

PHONES = carried("""
    any
    Glass is splintered.
    Touch works everywhere but in the lower corner.
    New display with frame. Touch and brightness tested.

    any
    Charges only at a certain angle.
    The plug has to be bent upwards.
    Lint in the socket, one pin bent. Replaced the socket.

    any
    Battery is empty by noon.
    It was fully charged at seven. The health shows 71 per cent.
    New battery, calibrated. Holds two days at rest.

    iPhone 12 / iPhone SE / Galaxy S21 / Galaxy A53 / Pixel 6 / Fairphone 4
    The other side can't hear me.
    With a headset it works.
    Cleaned the microphone's mesh; the seal was displaced.

    any
    Fell into the sink.
    It was out again after a second and lay in rice since.
    Opened, dried and cleaned it. Camera module replaced.

    any
    Stuck on the logo.
    It restarted in the middle of an update. The photos are not saved elsewhere.
    Loaded the system again without losing data; made a backup on a stick.

    any
    Camera picture is blurred.
    The front one is clear. There is a crack beside the lens.
    Replaced the camera glass.
""")

PRINTER_ITEMS = lines("""
    HL-L2350DW laser printer
    OfficeJet Pro 9010
    EcoTank ET-2850
    Document scanner fi-7160
    Label printer ZD421
    PIXMA TS5350
""")

PRINTERS = carried("""
    HL-L2350DW laser printer / OfficeJet Pro 9010 / Document scanner fi-7160 / PIXMA TS5350
    Pulls in no paper.
    One hears the roller turn in vain.
    New pick-up rollers, 50 sheets without a fault.

    OfficeJet Pro 9010 / EcoTank ET-2850 / PIXMA TS5350
    Prints with gaps.
    The cleaning was run four times, the ink is nearly gone.
    The head was dried out. Soaked and flushed it.

    HL-L2350DW laser printer
    Shows an error with a number.
    It can be switched off and on; the error comes after the first page.
    The fuser's sensor was broken. Replaced the fuser.

    HL-L2350DW laser printer / OfficeJet Pro 9010
    Squeaks so loud that people turn round.
    Only with prints on both sides.
    Greased the duplex gear, replaced a worn wheel.

    HL-L2350DW laser printer / OfficeJet Pro 9010 / Label printer ZD421
    Not found by any computer.
    The network light is off, the cable is fine.
    Network port burnt by a surge. Fitted a used interface board.
""")

NETWORK_ITEMS = lines("""
    FRITZ!Box 7590
    UniFi access point
    24 port switch
    NAS with two disks
    LTE router
    Desk phone T46S
""")

NETWORK_DEVICES = carried("""
    any
    Forgets everything when it is unplugged.
    It has to be set up anew each time.
    Loaded fresh firmware and the customer's settings; ten restarts without loss.

    FRITZ!Box 7590 / 24 port switch
    All lights blink at once.
    It does so since the thunderstorm.
    Power supply replaced. Two of the ports stay dead and are taped over.

    FRITZ!Box 7590 / UniFi access point / 24 port switch / NAS with two disks
    Password is not known any more.
    The former colleague set it up. The settings must stay.
    Read the settings over the service port, set a new password.

    NAS with two disks
    One of two disks is reported as bad.
    It beeps at night. All data must be kept.
    Replaced the disk and waited for the mirror. Fan cleaned.

    FRITZ!Box 7590 / LTE router / UniFi access point
    Loses the connection each evening.
    It stands in a cupboard and gets hot.
    New fan and paste. Ran for two days on the bench.
""")

POS_ITEMS = lines("""
    Receipt printer TM-T20
    Hand scanner LS2208
    Cash drawer 41 cm
    Touch till 15 inch
    Card terminal
""")

POINT_OF_SALE = carried("""
    Receipt printer TM-T20
    Does not cut the receipts.
    The knife makes half a move and stops.
    Knife was stuck with glue. Cleaned it and replaced the spring.

    Receipt printer TM-T20 / Touch till 15 inch / Card terminal
    Dead since a glass of water fell over.
    It was unplugged at once and dried on the heater.
    Cleaned the board, replaced a fuse.

    Hand scanner LS2208 / Cash drawer 41 cm
    Cable has a loose contact.
    It works when one holds it with two fingers.
    New cable with strain relief.

    Hand scanner LS2208 / Touch till 15 inch / Card terminal
    Reacts only now and then.
    It is worst in the morning when the shop is cold.
    Cold solder joint found and repaired, tested from the fridge.
""")

UNREPAIRED = lines("""
    The board is corroded in too many places; a repair would cost more than a new one.
    No spare parts are made for it any more.
    Customer decided against the repair after hearing the price.
    The data is safe on a disk of ours, the device itself can't be saved.
    No fault found in three days of tests. Handed back with notes on what to watch for.
    The manufacturer takes it back under warranty; handed back with the form filled in.
""")

ACCESSORIES = lines("""
    Charger
    Charger and bag
    Power cable
    Bag
    Case, no charger
    Charger, mouse
    Original box
    USB cable
    Two keys, manual
""")

RETURNED = lines("""
    The fault came back while the customer tried it at the counter.
    A screw is missing on the underside.
    Still gets hot after an hour.
    The customer's own charger does not work with it.
    Sound is gone since the repair.
""")
