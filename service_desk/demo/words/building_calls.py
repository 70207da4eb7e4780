"""What businesses phone in about what stands in cabinets and hangs on walls. {where} becomes a place."""

from . import faults

SERVERS = faults("""
    Server room too warm, alarm every half hour
    The air conditioning runs. It was 29 degrees at seven and 31 at ten.
    The filter was clogged. Cleaned it, down to 22 degrees after an hour. A service is due in spring.

    Backup job reports a missing volume
    It has failed for three nights. The days before are all there.
    The backup disk had got another letter. Corrected it and ran a full backup by hand.

    File server is nearly full
    It warns at 95 per cent. Nobody knows what grew so fast.
    Old recordings filled the drive. Moved them to the archive, 40 per cent free again.

    Disk failed in the server
    One light is orange and it beeps. Everybody can still work.
    Swapped the disk while it was running. The array was whole again after three hours.

    Restore a folder that was deleted by mistake
    The folder is called Offers and was there on Friday evening.
    Restored it from Friday night's backup to its place; the customer checked ten files.

    Server does not come back after the update
    It stands at a black screen with a blinking line since six this morning.
    A driver blocked the start. Removed it in safe mode, updated it, two restarts without trouble.

    Nightly backup tapes to be changed for discs
    The new device was delivered. The old tapes must stay readable for ten years.
    Set up the new device, tested a restore, kept the tape drive on a separate PC.

    Remote desktop throws everybody out at noon
    It happens every day at the same minute; they can sign in again at once.
    A task from an old program restarted the service. Removed the task.

    Certificate of the mail server runs out
    The warning says five days. Phones already show a message.
    Renewed the certificate and set up a reminder for both of us.

    Database of the booking program is slow
    Searching a name takes 40 seconds. It was two last month.
    Rebuilt the indexes and added memory. One to two seconds now.

    Second server wanted in the store room
    The cabinet is there. Power and two network lines are missing.
    Fitted the server and the lines; it takes over when the first one is switched off.

    Domain controller shows the wrong time
    All clocks are four minutes late and some sign-ins fail.
    Pointed it to a reliable source of time. All clients right after ten minutes.
""")

TELEPHONY = faults("""
    Move two phones to the new reception
    The numbers stay the same. The desks are there, the sockets have been wired.
    Moved both phones and the group ring; tested calls in and out.

    Callers hear nothing for the first seconds
    It happens with calls from outside only. Calls between desks are fine.
    The firewall opened the voice line too late. Corrected the rule and tested ten calls.

    Answering machine plays last year's holidays
    Callers ask whether they are closed. The menu to change it wants a PIN.
    Reset the PIN, recorded the new text with the customer.

    Phone {where} shows “No service”
    The other phones on that side work. It was moved to another desk yesterday.
    The socket was not patched. Patched and labelled it.

    Calls break off after exactly 30 seconds
    It affects calls to mobile phones. Incoming ones last.
    A setting of the provider had changed. Corrected it with their help; a 15 minute call held.

    Two new extensions for the warehouse
    They need cordless handsets that reach the loading dock.
    Set up extensions 41 and 42 and a repeater by the gate. The whole dock is covered.

    Headset {where} crackles
    Customers complain that they can hardly understand. A second headset does the same.
    The base stood on top of the router. Moved it by a metre, clean sound.

    Group ring skips the office
    Calls should ring at the reception, then in the office. They end at the reception.
    The office had been taken out of the group with the old phone. Put it back.

    Fax line for the orders is dead
    Orders come by phone now and take the whole morning.
    The adapter had lost its settings. Set it up again and sent three pages both ways.

    Door intercom no longer rings the phones
    Visitors ring and nobody hears. The camera picture works.
    The intercom's password had expired. Renewed it; rings on all four phones.

    Caller's number is missing on all displays
    Every call shows “Unknown” since the provider's work on Sunday.
    The line's setting had been lost at the provider. They put it back while I waited.
""")

POWER = faults("""
    Replace UPS battery, yearly service
    The set is in stock with us. Please come after six, when nobody works.
    Replaced the batteries, tested ten minutes on battery. Next service in a year.

    UPS {where} beeps without end
    It beeps since the lights flickered at nine. Nobody dares to touch it.
    One battery had failed. Replaced the pair and ran the self-test.

    Half of the sockets {where} are dead
    The fuse was put back twice and goes at once.
    A kettle had a short circuit. Took it out of use; all sockets work and were measured.

    Emergency lights stay dark in the test
    Two of nine, both in the stairs.
    Replaced two battery packs and wrote it into the test book.

    Server went off in the short power cut
    The UPS should have held it for ten minutes. It went off in the same second.
    It was plugged into the sockets without battery. Moved it and tested with the breaker.

    Measure the load before the new machine comes
    It takes 9 kW. They need to know whether the line carries it.
    Measured for an hour at noon: two kilowatts are free, a new line is needed. Offer follows.

    Power strip {where} smells burnt
    They pulled the plug. The desk lamp and a heater were in it.
    Melted strip taken away. Fitted a row of wall sockets and explained about the heater.

    Rack lost one of its two power feeds
    The monitoring says so since last night. All runs on the other one.
    The plug had slipped out when the cabinet was cleaned. Secured both with clips.

    Generator test fails at the switch-over
    It starts, but the building stays on the grid.
    A contact of the switch was worn. Replaced it and ran two tests under load.
""")

DOORS = faults("""
    Camera {where} shows a black picture
    The other seven are fine. It was cleaned on Monday.
    Water had got into the plug. Replaced it and sealed the box.

    Badge reader at the main door ignores every card
    The staff come in through the back. It shows no light at all.
    The power adapter was dead. Replaced it; twelve cards tested.

    Recordings are kept for two days only
    It should be fourteen. The insurance asked for last Tuesday.
    One of two disks had dropped out. Replaced it, 16 days fit now.

    Three new badges and one to be locked
    The list is at the reception. One was lost in a taxi.
    Locked the lost one, made three new ones and tried them at both doors.

    Gate opens by itself at night
    Twice this week, about three o'clock. The cameras show nobody.
    A moth sat in the light barrier. Cleaned it and narrowed the angle.

    Alarm goes off when the last one leaves
    It says zone 4, that is {where}. The window there is shut.
    The magnet of the window had come loose. Screwed it on and tested all zones.

    Picture of the parking lot is too dark to read plates
    At daylight it is fine. The lamp by the ramp was replaced with a weaker one.
    Fitted an infrared light and set a longer exposure. Plates can be read.

    Door to the store room does not lock
    One hears the motor, but the bolt stays in. A chair stands before it.
    The strike plate had shifted. Adjusted it and oiled the bolt.

    Camera wanted over the delivery entrance
    Parcels went missing there twice. A network line is close by.
    Fitted the camera, masked the public path and showed how to find a recording.

    Phone app no longer shows the cameras
    It says that the account is unknown. At the desk all is well.
    The recorder had lost its registration after the update. Registered it again on two phones.
""")
