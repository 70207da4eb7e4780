"""Whose desk this is: the people who work here and the sixty customers. All of them are made up."""

from . import lines

COLLEAGUES = lines("""
    helen | Helen Marsh | admin
    dana | Dana Okafor | dispatcher
    tom | Tom Brandt | dispatcher
    priya | Priya Nair | front_desk
    lucas | Lucas Meyer | front_desk
    ravi | Ravi Kumar | engineer
    maya | Maya Stone | engineer
    jo | Jo Tanaka | engineer
""")

BUSINESSES = lines("""
    Acme Dental | 12 Harbor Road, Alder Bay | acmedental | Dr. Ruth Alvarez
    Bright Stores | 88 Market Street, 2nd floor, Alder Bay | brightstores | Kenji Mori | till
    Corner Bakery | 3 Mill Lane, Alder Bay | cornerbakery | Sofia Rinaldi | till
    Delta Logistics | 410 Dock Road, Gate C, Alder Bay | deltalogistics | Marek Nowak
    Elm Street Law | 27 Elm Street, Northfield | elmstreetlaw | Judith Crane
    Harbor Clinic | 1 Clinic Way, Alder Bay | harborclinic | Nurse Amara Eze
    Pine Valley School | 60 School Hill, Northfield | pinevalley | Mr. Bowen
    Blue Door Hotel | 5 Promenade, Alder Bay | bluedoor | Camille Laurent | till
    Kestrel Engineering | 19 Foundry Street, Ironbridge | kestrel-eng | Stefan Vogel
    Sunrise Pharmacy | 141 Market Street, Alder Bay | sunrise-rx | Leila Haddad | till
    Northfield Public Library | 2 Library Square, Northfield | northfieldlibrary | Agnes Holt
    Green Fork Bistro | 33 Canal Street, Alder Bay | greenfork | Paul Dubois | till
    Summit Insurance | 7 Exchange Place, 4th floor, Northfield | summit-ins | Carol Whitman
    Old Town Optics | 18 Cathedral Close, Alder Bay | oldtownoptics | Ingrid Lund | till
    Marlow & Sons Joinery | 9 Sawmill Yard, Ironbridge | marlowjoinery | Ben Marlow
    Lakeside Veterinary | 77 Lake Drive, Northfield | lakesidevet | Dr. Hana Suzuki
    City Cycle Works | 54 Bridge Street, Alder Bay | citycycle | Omar Farah | till
    Fairview Care Home | 120 Fairview Avenue, Northfield | fairviewcare | Grace Mensah
    Tidewater Travel | 16 Station Road, Alder Bay | tidewater | Elena Petrova
    Copper Kettle Brewery | 2 Malt House Lane, Ironbridge | copperkettle | Finn Gallagher | till
    Rowan Accounting | 8 Chapel Row, Northfield | rowan-accounting | Peter Rowan
    Studio Nine Architects | 9 Warehouse Quay, Alder Bay | studionine | Yuki Hayashi
    Ironbridge Motors | 200 Ring Road, Ironbridge | ironbridgemotors | Dave Collins | till
    Little Oaks Nursery | 14 Oak Grove, Northfield | littleoaks | Emma Fraser
    Seaview Property | 40 Promenade, Alder Bay | seaviewproperty | Victor Reyes
    Quill & Co. Stationers | 61 Market Street, Alder Bay | quillandco | Martha Quill | till
    Westgate Gym | 5 Westgate Center, Northfield | westgategym | Andre Silva | till
    Harvest Food Bank | 11 Granary Street, Ironbridge | harvestfood | Joan Baptiste
    Polar Cold Storage | 6 Icehouse Road, Ironbridge | polarcold | Nikolai Berg
    Bay Print House | 22 Type Street, Alder Bay | bayprint | Tessa Lindqvist | till
    Riverside Surgery | 30 River Walk, Northfield | riversidesurgery | Dr. Imran Malik
    Golden Thread Tailors | 4 Silk Passage, Alder Bay | goldenthread | Mei Chen | till
    Hilltop Observatory | 1 Summit Track, Northfield | hilltopobs | Prof. Alan Weir
    Alder Bay Sailing Club | 3 Marina Steps, Alder Bay | absailing | Connor Walsh | till
""")

HOMES = lines("""
    Rosa Marin | 14 Juniper Court, Alder Bay | rosa.marin
    George Whitlock | 231 Hawthorn Avenue, Northfield | gwhitlock
    Fatima Zahra Idrissi | 6 Lighthouse Lane, Alder Bay | fatima.idrissi
    Walter and Ilse Krug | 48 Orchard Rise, Northfield | krug.family
    Naomi Castellanos | 9 Weaver Street, Apt. 3, Ironbridge | naomi.c
    Henry Oduya | 75 Canal Street, Apt. 12, Alder Bay | henry.oduya
    Bridget O’Leary | 2 Chapel Row, Northfield | bridget.oleary
    Tomasz Zielinski | 117 Ring Road, Ironbridge | t.zielinski
    Margaret Pell | 5 Rose Cottages, Northfield |
    Arjun and Divya Menon | 64 Lake Drive, Northfield | menon.home
    Claire Fontaine | 20 Promenade, Apt. 5, Alder Bay | claire.fontaine
    Samuel Berkowitz | 38 Cathedral Close, Alder Bay |
    Linh Tran | 12 Foundry Street, Apt. 2, Ironbridge | linh.tran
    Oscar Lindgren | 8 Marina Steps, Alder Bay | oscar.lindgren
    Patricia Nwosu | 152 Hawthorn Avenue, Northfield | pat.nwosu
    Edith Blackwood | 1 Old Rectory, Northfield |
    Mateo Vargas | 91 Bridge Street, Alder Bay | mateo.vargas
    Hannah Goldstein | 17 Juniper Court, Alder Bay | hannah.g
    Dieter Albrecht | 29 Sawmill Yard, Ironbridge | dieter.albrecht
    Aisha Rahman | 43 Station Road, Apt. 7, Alder Bay | aisha.rahman
    Joseph Kowalczyk | 10 Malt House Lane, Ironbridge | jkowalczyk
    Vera Antonova | 26 Library Square, Northfield | vera.antonova
    William Ashdown | 3 Summit Track, Northfield | will.ashdown
    Gloria Benitez | 85 Weaver Street, Ironbridge | gloria.benitez
    Sean and Maeve Doyle | 19 Oak Grove, Northfield | doyles
    Keiko Yamamoto | 7 Silk Passage, Alder Bay | keiko.yamamoto
""")
