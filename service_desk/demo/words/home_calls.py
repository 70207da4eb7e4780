"""What people phone in from their homes, by the category it belongs to. {where} becomes a room."""

from . import faults

PRINTERS = faults("""
    New printer does not find the Wi-Fi
    The old one did. The box is unpacked and stands {where}.
    Joined it to the Wi-Fi and set it up on the laptop and both phones.

    Printer prints only in black
    The tax form needs colour. The cartridges are new, from another shop.
    The cartridges were not recognised. Fitted fitting ones and cleaned the head.

    Printer pulls the paper in crooked
    Envelopes are the worst. They come out with a torn corner.
    A toy brick sat in the tray. Taken out, 30 sheets straight.

    Printer says it is offline
    The laptop next to it is online. Switching off and on helped last time, not today.
    It had kept an old address. Reserved one for it in the router.
""")

NETWORK = faults("""
    No Wi-Fi {where}
    In the rest of the house it works. A wall of stone is in between.
    Set up a second access point by cable. Full signal in every room.

    Internet is gone since the provider's letter
    The letter says that something was changed over. There is a new box, still packed.
    Connected the new box and moved Wi-Fi name and password over, so nothing else had to change.

    TV stops every few minutes
    The film stops and a circle turns. It is worse in the evening.
    Laid a cable from the router to the TV. Two hours of film without a stop.

    Children's tablets should be offline at nine
    It was set up once, but the new router does not know it.
    Set up times for both tablets and showed where to change them.

    Router blinks red after the storm
    The phone is dead as well. The neighbours have internet.
    The surge had hit the router. Replaced it; line measured and fine.

    Home office loses the company's VPN
    It holds for a few minutes only. At the sister's place it works.
    Turned off a filter of the router that broke the tunnel. Held for an hour.
""")

WORKSTATIONS = faults("""
    Photos are gone after the update
    The desktop is empty too. They are the only copies.
    The update had made a new profile. Moved everything back and set up a backup disk.

    Set up the new PC and move everything over
    Mail, photos and the tax program. The old one stands beside it and still runs.
    Moved files, mail and the program; checked them together. Old PC kept for a month.

    PC {where} is very loud
    It howls as soon as a video runs. It is five years old.
    Cleaned it, new paste on the processor. Hardly to be heard now.

    Somebody called and was let onto the PC
    He said that he was from the manufacturer. The plug was pulled after ten minutes.
    Removed his remote program, scanned from a stick, changed the passwords together.

    Can't sign in: the PC wants a code
    It came after the update, a long blue page. There is no note of any code.
    Found the recovery code in the account online and printed it for the drawer.

    Mail can be read but not sent
    Each mail comes back with an English text. It works on the phone.
    The old server name was still set. Corrected it and sent the three that waited.

    Screen stays black, fan runs
    It was fine yesterday evening. The lights on the keyboard are on.
    The memory had come loose. Cleaned the contacts and put it back.

    Lessons for the new tablet
    The grandson set it up. It should make video calls and read the paper.
    An hour of lessons; wrote down the five steps for the calls in large print.
""")

POWER = faults("""
    Lights flicker {where} when the washing machine runs
    It started a week ago. The fuse holds.
    A loose clamp in the box. Tightened all and measured.

    Charger for the car trips the fuse
    Each night after an hour or so. In the day it charges.
    Set it to a lower current until the line is replaced. Offer follows.
""")

DOORS = faults("""
    Doorbell with camera rings no more
    The picture comes on the phone, but nothing rings in the house.
    The chime had an empty battery. Replaced it and paired it again.

    Garage door stops halfway
    It goes back up as if something were in the way.
    The sensors did not face each other. Aligned them and fixed the bracket.
""")

TELEPHONY = faults("""
    Landline is dead, only a hum
    The mobile phone works. The emergency button of my mother hangs on that line.
    Replaced the splitter. Tested the button with the centre.

    Cordless phone crackles {where}
    It was fine for years. The base stands beside the new TV.
    Moved the base to the hallway; reaches the garden now.
""")
