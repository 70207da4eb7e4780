"""Names of people and streets, a few of them with letters beyond ASCII."""


def _each(text: str, by: str = " ") -> list[str]:
    return text.split(by)


FIRST = _each(
    "Rosa Maya Lena Ravi Tom Dana Priya Lucas Helen Omar Ana Bruno Carla Diego Elif Farid Greta Hugo Ines Jonas Kemal "
    "Lars Mina Noor Olga Pavel Quinn Rita Sven Tara Uma Viktor Wanda Xenia Yusuf Zoë Björn Jürgen Käthe Łukasz Márta "
    "Nuño Øyvind René Şule Thérèse Ürün Václav Ágnes Çelik Amir Bea Cleo Dev Eva Finn Gus Hana Ivo Jo Kai Lou Max Nia "
    "Otto Pia Rui Sam Tess Ulf Vera Will Yara Zane Alba Boris Chloe Dario Emil Fiona Gwen Heidi Igor Judit Karl Luisa "
    "Marek Nadia Oscar Petra Ralf Sofia Timo Ursula Vito Wes Ximena Yann Zita Li Bo"
)
LAST = _each(
    "Marin Stone Kumar Okafor Brandt Nair Meyer Marsh Tanaka Alvarez Kern Lee Ünal Müller Schröder Weiß Åberg Ødegård "
    "Łaska Žižka Núñez Çetin Ferreira Novak Horvat Rossi Dubois Jansen Virtanen Papadakis Ivanova Petrov Kowalski "
    "Andersson Nielsen Larsen Berg Dahl Holm Lund Fischer Weber Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf "
    "Neumann Schwarz Zimmermann Braun Krüger Hartmann Lange Werner Krause Lehmann Huber Kaiser Fuchs Peters Scholz "
    "Möller Keller Voigt Sauer Arnold Thomas Simon Ludwig Böhm Winter Kraus Martin Schumacher Vogt Stein Jäger Otto "
    "Sommer Groß Seidel Heinrich Brand Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann "
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts "
    "Green Hall Wood Jackson Clarke Khan Begum Hussain Ahmed Ali Singh Kaur Sharma Gupta Reddy Rao Iyer Menon Das Roy "
    "Nguyen Tran Pham Hoang Wang Chen Zhang Liu Yang Huang Zhao Wu Zhou Xu Sun Kim Park Choi Jung Sato Suzuki Ito "
    "Yamada Mori Garcia Lopez Perez Sanchez Ramirez Torres Flores Rivera Gomez Diaz Reyes Cruz Morales Ortiz Silva "
    "Santos Oliveira Souza Lima Costa Pereira Almeida Rocha Carvalho Gomes Ribeiro Dias Moreira Mbeki Dlamini Abara "
    "Adeyemi Eze Obi Mensah Owusu Diallo Traore Haddad Nasser Aziz Farah Levi Cohen Katz Friedman Ng Ho Vo"
)
TRADES = _each(
    "Dental Bakery Books Stores Logistics Print Clinic School Hotel Garage Pharmacy Studio Optics Florist"
)
STREETS = _each(
    "Harbor Road,Market Street,Elm Street,Mill Lane,Station Road,Church Street,Garden Avenue,Bridge Street,Hill Road,"
    "Park Lane,Lindenstraße,Königsallee,Rue de l’Église,Calle Mayor,King’s Road,Orchard Way,Quay Street,Field Lane,"
    "School Lane,Tower Street",
    ",",
)
TOWNS = _each(
    "Alder Bay,Fernhill,Westbrook,Northgate,Oakridge,Saltmarsh,Glenmoor,Ashford,Redcliff,Stonebridge",
    ",",
)
