"""What businesses phone in about the things on their desks and counters. {where} becomes a place."""

from . import faults

PRINTERS = faults("""
    Printer {where} prints blank pages
    The pages come out white, but the page counter goes up with each of them.
    The drum was at its end. Replaced it, printed the test page and reset the counter.

    Printer dead, no power after the storm
    The other devices on the same power strip work. The display stays dark.
    Power supply burnt by the surge. Fitted a spare one and a strip with protection.

    Scanner {where} feeds two sheets at once
    It happens with every stack of more than ten pages, also with new paper.
    Separation pad was worn smooth. Replaced pad and roller, fed 200 sheets without a fault.

    Paper jam {where} that nobody can find
    The display shows a jam in tray 2. Every flap was opened; there is nothing to see.
    A torn label sat behind the transfer belt. Removed it and cleaned the sensor.

    Grey stripes on everything from the copier {where}
    They run along the right edge and got wider since last week. Copies and prints alike.
    Cleaned the scanner glass and the corona wire. The stripes are gone.

    Label printer skips every second label
    The labels are the same as always; a new roll was put in this morning.
    The roll had another gap between labels. Calibrated the sensor and saved the setting.

    Scan to e-mail {where} stopped working
    The display says that the server refused the sign-in. Printing works.
    The mail account asked for a new way to sign in. Set it up and sent three test scans.

    Nobody can print to the printer {where}
    The jobs wait in the list and vanish after a few minutes. It answers on the network.
    It had taken a new address. Gave it a fixed one and corrected the queue on the server.

    Toner low message will not go away
    The cartridge was changed twice. Printing works, but everybody gets the message.
    Cleaned the contacts of the cartridge and loaded the newest firmware.

    Colours are far too pale on the printer {where}
    Logos come out pink instead of red since the last set of cartridges.
    Ran the colour calibration twice and replaced the magenta cartridge.

    Yearly service of the copier {where}
    The counter stands at 240,000 pages. The maintenance kit is in your van already.
    Fitted the maintenance kit, cleaned the fuser and checked the feed. Next one in a year.

    Receipts come out half as long as they should
    The lower half of each receipt is missing, and the cutter cuts through the text.
    The driver had a wrong paper length. Corrected it on both tills.

    Card printer smears the staff badges
    The name is readable, the photo is not. The ribbon is new.
    Cleaned the print head with the kit. Left two cleaning cards and showed how to use them.
""")

NETWORK = faults("""
    No internet {where}
    Since this morning nobody there gets an address. The switch in the cabinet shows an amber light.
    The uplink of the switch had failed. Moved it to the spare port and ordered a module.

    Wi-Fi drops {where}
    Video calls freeze every ten minutes. By cable everything is fine.
    Two access points shared a channel. Spread them out and lowered the power of one.

    VPN asks for the password every few minutes
    It affects the three people who work from home. In the office all is well.
    The clock of the firewall was eleven minutes late. Corrected it; no more questions in an hour.

    Guest Wi-Fi shows no sign-in page
    Visitors connect, but no page opens and they stay offline.
    The certificate of the portal had expired. Renewed it and noted the next date.

    Very slow connection {where} in the afternoon
    It starts about two o'clock and ends after five. Pages take half a minute.
    A camera sent its recordings at that time. Moved the copy to the night.

    Move two network sockets {where}
    The desks were turned round and the cables now lie across the floor.
    Moved both sockets, measured them and labelled the patch panel.

    Reception and office can't reach each other
    Both have internet. The shared folder and the printer can't be found from the reception.
    Its PC was plugged into the guest network. Patched it back and labelled the port.

    New firewall wanted before the audit
    The auditor asked for the list of rules. The present box gets no updates any more.
    Fitted the new firewall, moved the rules over and left out nine that nobody used.

    Access point {where} blinks red
    Phones still connect there, but nothing loads.
    It had lost its power over the cable. Replaced the injector.

    Switch {where} hums and gets hot
    One can't keep a hand on it. Everything works so far.
    The fan was blocked by dust. Cleaned it; the spare switch is on the list for next quarter.

    Some websites don't open {where}
    The bank and the tax office fail, everything else loads.
    A stale name server was set by hand on the router. Removed it.

    Cable cut by the builders {where}
    They drilled through a wall. Six desks are offline and the staff sit in the kitchen.
    Pulled a new cable through the old duct and measured all six lines.

    Internet down, router restarts by itself
    It restarts about four times an hour, each time for three minutes.
    The power adapter was failing. Swapped it and watched for an hour.
""")

POINT_OF_SALE = faults("""
    POS terminal freezes at checkout
    It happens when the total is shown; after a restart it works for a dozen customers.
    The local database had grown too large. Archived last year and checked the disk.

    Card reader rejects contactless
    Cards with a chip work when they are put in. Phones and watches are refused.
    The reader had missed an update. Loaded it and made three test payments.

    Cash drawer does not open
    One hears the click, but it stays shut. They use the key for now.
    The latch was bent. Straightened it and greased the rails.

    Barcode scanner {where} reads nothing
    The red light is on. It beeps when it is plugged in and then never again.
    It had been set to another keyboard layout by a barcode. Reset it to the shop's settings.

    Second till shows yesterday's prices
    The first till has the new ones. The offer starts today.
    The nightly transfer had stopped at one wrong article. Corrected it and sent the prices again.

    Daily closing can't be printed
    The closing runs through, then the program says that there is no printer.
    The printer had moved to another port. Put it back and printed the last two closings.

    Customer display stays dark
    The till works. The customers ask for the total each time.
    Loose plug under the counter. Fixed it with a bracket.

    New till wanted for the season
    It comes on the counter by the door. Power is there, network is not.
    Set up the third till, pulled a cable and trained two people on it.

    Gift cards are refused
    All cards sold since Monday are said to be unknown; older ones work.
    The new batch had not been activated. Done with the provider on the phone, five cards tested.

    Touch screen of the till reacts in the wrong place
    One has to press two centimetres beside the button.
    Calibrated the screen and replaced its worn foil.

    Payments take a minute to go through
    The line is long and people walk away. It was quick last week.
    The terminal used the mobile network. Put it back on the cable, two seconds now.

    Scales and till show different weights
    The till shows 30 grams more on every weighing, also when the scales are empty.
    The scales had lost their zero. Levelled and zeroed them, checked with a test weight.
""")

WORKSTATIONS = faults("""
    New laptop: domain join and mail setup
    The colleague starts on Monday. The laptop is still in its box at the reception.
    Joined it to the domain, set up mail and printers and moved the files over.

    Monitor flickers after docking
    Only the left one, and only for the first ten minutes of the day.
    The cable was too long for that resolution. Replaced it with a shorter one.

    PC {where} restarts by itself
    Three times since yesterday, each time without any message.
    A memory module failed the test. Replaced it; the test ran two hours without a fault.

    Mail program asks for the password again and again
    The password is right: in the browser it works.
    Removed the old sign-in from the password store and set the account up again.

    PC {where} takes ten minutes to start
    It was quick until the last update. The disk light never goes out.
    The disk was failing. Copied it to a solid-state disk, starts in 20 seconds now.

    Accounting program does not start
    It shows an error about a missing file and closes. Payroll is due this week.
    The update had been broken off. Installed it again and opened last month's books.

    Two screens wanted for the desk {where}
    The screens and the arm are here. The PC has only one free connector.
    Fitted the arm, both screens and a second graphics card.

    Keyboard and mouse stop for seconds
    They are wireless. It is worst when several people are in the room.
    Moved the receiver to the front with a short cable. No more gaps.

    Files on the shared drive open read-only
    Everybody {where} is affected, and nobody has the files open.
    A lock was left behind by a crashed program. Removed it and updated the program.

    Laptop does not charge at the docking station
    With its own charger it does. The screens at the station work.
    The station's power supply was too weak for the new laptop. Swapped for the 130 W one.

    Strange window says that the PC is infected
    It shows a phone number to call. The colleague did not call and pulled the plug.
    It was a page in the browser only. Closed it, scanned the PC twice, nothing found.

    Old PCs to be wiped and taken away
    Five of them stand {where}. The disks must be erased with a record.
    Erased all five disks, left the signed records and took the PCs with me.

    Microphone not heard in video calls
    The others hear nothing, though the bar moves in the settings.
    The webcam's microphone had been chosen. Set the headset as the standard and tested a call.
""")
