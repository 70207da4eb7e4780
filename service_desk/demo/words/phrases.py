"""What people add in passing: since when, how to get in, what to bring, and why something was changed."""

from . import lines

PLACES = lines("""
    on the second floor
    in meeting room B
    at the reception
    in the back office
    in the warehouse
    in the director’s office
    on the ground floor
    in the storage room
    by the stairs
    in the staff room
    next to the lift
    in the workshop
    in accounting
""")

ROOMS = lines("""
    in the study
    upstairs
    in the kitchen
    in the attic
    in the living room
    in the basement
    in the garden house
    in the children’s room
""")

ADDED = lines("""
    Please ring ten minutes before.
    Parking is behind the house.
    It is not urgent, but annoying.
    It was the same two weeks ago.
    Switching it off and on did not help.
    The contract covers it.
    The last visit was for something else.
    Photos are with us by e-mail.
    It started after the weekend.
    Nothing was changed as far as they know.
""")

ADDED_AT_WORK = lines("""
    The customer is there until half past five.
    They close on Wednesday afternoon.
    Ask at the reception; they know about it.
    They can work round it for a day or two.
    The manager wants to hear what it was.
    Best before the first customers come.
    Twelve people wait for it.
    The caretaker has the key to the cabinet.
""")

ADDED_AT_HOME = lines("""
    The key is with the neighbour on the left.
    There is a dog, a friendly one.
    Somebody is at home until two.
    The bell doesn't ring, please knock.
    They work from home and need it for that.
    Top floor, no lift.
""")

INSTRUCTIONS = lines("""
    Take the box of spare parts with you.
    They had the same in spring, see the history.
    Write down what you replace, the contract covers parts.
    The customer is worried; explain what you do.
    Call me before you order anything.
    You are close by at noon anyway.
    The part is on your desk.
    Let them show you what they do when it happens.
    Call before you leave.
""")

INSTRUCTIONS_AT_WORK = lines("""
    Ring the bell at the back.
    Call before you leave, they close early.
    Ask for the key at the reception.
    Take the long ladder.
    Not before ten, they have visitors.
    Their key hangs on hook 4.
    Sign in at the gate, bring your badge.
    Park in the yard, the street is closed.
""")

INSTRUCTIONS_AT_HOME = lines("""
    Bring overshoes, they ask for it.
    Plan a quarter of an hour for questions.
    Ring twice, the bell is faint.
    Parking is for residents only; use the square.
""")

HANDED_OVER = lines("""
    You are closer by. Ring the bell at the back.
    Taking this over from a colleague who is stuck in Ironbridge.
    You know the place from last time.
    Swapped with your call of tomorrow morning.
    Please take this one, the other visit takes longer.
    They asked for whoever came in spring.
""")

CANCELLED = lines("""
    Works again after a restart, the customer called back.
    Logged twice.
    The provider had a disturbance in the area; it is over.
    Customer found the plug behind the cupboard.
    The device will be carried in instead.
    Customer has moved and will call from the new place.
    Solved on the phone.
    The manufacturer exchanges it under warranty.
""")

REOPENED = lines("""
    It came back over the weekend.
    The customer called: fine for a day, now the same again.
    One of the devices still does it.
    The part that was fitted has failed.
    Works in the office, not in the warehouse.
""")

SECOND_VISIT = lines("""
    Found the real cause this time: a damaged cable under the floor. Replaced it.
    Replaced the part once more and stayed until it had run for two hours.
    A second device caused it. Took that out of service; the customer will order a new one.
    Set everything up again from the start and tested each step with the customer.
""")

OTHER_SITES = lines("""
    Branch office, 70 Station Road, Alder Bay
    Warehouse 2, 412 Dock Road, Alder Bay
    Market stall, Cathedral Close, Alder Bay
    Branch office, 15 Exchange Place, Northfield
    Workshop, 21 Foundry Street, Ironbridge
""")

HANDED_BACK = lines("""
    Paid by card.
    Showed that it works, paid in cash.
    On account.
    Invoice goes to the office.
    Took the old part along.
    Comes back next month for the yearly check.
""")

BROWSERS = lines("""
    Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36
    Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0
    Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1 Version/18.6 Safari/604.1
    Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36
""")
