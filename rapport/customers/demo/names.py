"""Names, cities and trades that the sample company is made of. Every address ends in .example, so none is anybody's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A country as the sample knows it. `phone` is a pattern whose # become digits."""

    country: str
    weight: int
    language: str
    phone: str
    cities: tuple[tuple[str, str, str], ...]  # city, postcode, time zone
    first: tuple[str, ...]
    last: tuple[str, ...]
    trades: tuple[str, ...]
    streets: tuple[str, ...]


PLACES: tuple[Place, ...] = (
    Place(
        "NO", 9, "nb", "+4790######",
        (("Oslo", "0150", "Europe/Oslo"), ("Bergen", "5003", "Europe/Oslo"), ("Tromsø", "9008", "Europe/Oslo"), ("Bodø", "8003", "Europe/Oslo")),
        ("Ingrid", "Lars", "Siri", "Bjørn", "Kari", "Ola", "Astrid", "Håkon", "Solveig", "Magnus", "Ragnhild", "Øyvind"),
        ("Sørensen", "Moen", "Fjell", "Hansen", "Bakken", "Nygård", "Lund", "Berg", "Solheim", "Haugen", "Strand", "Ødegård"),
        ("{} Sport AS", "{} & Sønn AS", "{} Friluft AS", "Nordlys {} AS"),
        ("Storgata", "Kirkegata", "Havnegata", "Fjellveien"),
    ),
    Place(
        "SE", 8, "sv", "+4670#######",
        (("Stockholm", "111 20", "Europe/Stockholm"), ("Göteborg", "411 04", "Europe/Stockholm"), ("Umeå", "903 26", "Europe/Stockholm")),
        ("Grace", "Erik", "Maja", "Nils", "Elsa", "Gustav", "Linnéa", "Åsa", "Björn", "Wilma"),
        ("Lindqvist", "Andersson", "Bergström", "Öberg", "Sjögren", "Nyström", "Åkesson", "Holm", "Ek", "Dahl"),
        ("{} Kajak AB", "{} Friluft AB", "{} Äventyr AB", "Norrland {} AB"),
        ("Drottninggatan", "Storgatan", "Hamngatan", "Skogsvägen"),
    ),
    Place(
        "DE", 16, "de", "+4915########0",
        (("Berlin", "10115", "Europe/Berlin"), ("München", "80331", "Europe/Berlin"), ("Köln", "50667", "Europe/Berlin"), ("Freiburg", "79098", "Europe/Berlin")),
        ("Benedikt", "Daniel", "Jonas", "Lena", "Greta", "Jürgen", "Käthe", "Max", "Sophie", "Uwe", "Anneliese", "Tobias"),
        ("Huber", "Achterberg", "Weber", "Müller", "Schäfer", "Groß", "Krüger", "Vogel", "Zimmermann", "Böhm", "Lehmann", "Yılmaz"),
        ("{} Alpin GmbH", "{} Bergsport GmbH", "Bergwelt {} KG", "{} Outdoor OHG"),
        ("Hauptstraße", "Bahnhofstraße", "Gartenweg", "Am Markt"),
    ),
    Place(
        "GB", 13, "en", "+4477########",
        (("London", "E1 6AN", "Europe/London"), ("Leeds", "LS1 4DY", "Europe/London"), ("Edinburgh", "EH1 1YZ", "Europe/London"), ("Cardiff", "CF10 1EP", "Europe/London")),
        ("Oliver", "Amelia", "Harry", "Isla", "Rhys", "Poppy", "Angus", "Freya", "Nia", "George", "Chloe", "Samir"),
        ("Smith", "Patel", "Jones", "Hughes", "MacLeod", "O’Brien", "Khan", "Taylor", "Evans", "Wright", "Begum", "Clarke"),
        ("{} Climbing Ltd", "{} & Daughters Ltd", "Peak {} Ltd", "{} Rambles"),
        ("High Street", "Station Road", "Church Lane", "Mill Lane"),
    ),
    Place(
        "IE", 3, "en", "+35387#######",
        (("Dublin", "D02", "Europe/Dublin"), ("Galway", "H91", "Europe/Dublin")),
        ("Liam", "Saoirse", "Conor", "Aoife", "Seán", "Niamh", "Oisín", "Gráinne"),
        ("O’Connell", "Murphy", "Byrne", "Ó Súilleabháin", "Kelly", "Walsh", "Doyle", "Nolan"),
        ("{} Climbing Co", "Burren {} Ltd", "{} Surf Ltd"),
        ("Main Street", "Bridge Street", "Quay Street"),
    ),
    Place(
        "FR", 11, "fr", "+3361#######",
        (("Paris", "75002", "Europe/Paris"), ("Grenoble", "38000", "Europe/Paris"), ("Annecy", "74000", "Europe/Paris"), ("Brest", "29200", "Europe/Paris")),
        ("Quentin", "Camille", "Hugo", "Chloé", "Élodie", "Théo", "Inès", "Noël", "Margaux", "Loïc"),
        ("Leroy", "Martin", "Dubois", "Lefèvre", "Moreau", "Gauthier", "Fontaine", "Chevalier", "Benoît", "N’Diaye"),
        ("{} Montagne SARL", "{} Escalade SAS", "Cimes {} SARL", "{} & Fils"),
        ("Rue de la Gare", "Avenue des Alpes", "Place du Marché"),
    ),
    Place(
        "IT", 7, "it", "+39347#######",
        (("Milano", "20121", "Europe/Rome"), ("Bolzano", "39100", "Europe/Rome"), ("Torino", "10121", "Europe/Rome")),
        ("Chiara", "Marco", "Giulia", "Hugo", "Niccolò", "Sofia", "Matteo", "Elena"),
        ("Bellini", "Marchetti", "Rossi", "D’Angelo", "Conti", "Gallo", "Ferrari", "De Luca"),
        ("{} Outdoor Srl", "{} Montagna SpA", "Rifugio {}"),
        ("Via Roma", "Via Garibaldi", "Corso Italia"),
    ),
    Place(
        "ES", 7, "es", "+34612######",
        (("Madrid", "28001", "Europe/Madrid"), ("Granada", "18001", "Europe/Madrid"), ("Bilbao", "48001", "Europe/Madrid")),
        ("María José", "Lucía", "Íñigo", "Pablo", "Begoña", "Álvaro", "Núria", "Sergio"),
        ("Ortega", "García", "Núñez", "Ibáñez", "Muñoz", "Etxeberria", "Romero", "Peña"),
        ("Sierra {} Rutas", "{} Aventura SL", "Cumbres {} SL"),
        ("Calle Mayor", "Gran Vía", "Plaza de España"),
    ),
    Place(
        "NL", 5, "nl", "+316########",
        (("Amsterdam", "1012 AB", "Europe/Amsterdam"), ("Utrecht", "3511 AB", "Europe/Amsterdam")),
        ("Nils", "Sanne", "Bram", "Femke", "Joost", "Anouk", "Daan", "Lotte"),
        ("Bakker", "de Vries", "van den Berg", "Visser", "Jansen", "de Boer", "Smit", "van Dijk"),
        ("{} Buitensport BV", "{} Watersport BV", "Polder {} BV"),
        ("Kerkstraat", "Dorpsstraat", "Molenweg"),
    ),
    Place(
        "PL", 4, "pl", "+48601######",
        (("Kraków", "31-002", "Europe/Warsaw"), ("Warszawa", "00-001", "Europe/Warsaw"), ("Zakopane", "34-500", "Europe/Warsaw")),
        ("Łukasz", "Agnieszka", "Paweł", "Małgorzata", "Jakub", "Zofia", "Michał", "Ewa"),
        ("Kowalski", "Wójcik", "Zieliński", "Dąbrowska", "Łuczak", "Nowak", "Szymański", "Górska"),
        ("{} Góry sp. z o.o.", "Tatry {}", "{} Outdoor sp. z o.o."),
        ("ul. Długa", "ul. Krupówki", "Rynek"),
    ),
    Place(
        "US", 10, "en", "+1303555####",
        (("Denver", "80202", "America/Denver"), ("Portland", "97201", "America/Los_Angeles"), ("Boulder", "80302", "America/Denver"), ("Burlington", "05401", "America/New_York")),
        ("Amara", "Jordan", "Emily", "Carlos", "Mia", "Tyler", "Aaliyah", "Wei", "Grace", "Mateo"),
        ("Okafor", "Johnson", "Nguyen", "Ramirez", "Miller", "Washington", "Chen", "Begay", "Davis", "Kowalczyk"),
        ("{} Outfitters Inc", "{} Trail Co", "Summit {} LLC", "{} Gear LLC"),
        ("Main St", "Pearl St", "Pine Ave", "2nd Street"),
    ),
    Place(
        "TR", 3, "tr", "+90532#######",
        (("İstanbul", "34000", "Europe/Istanbul"), ("Antalya", "07000", "Europe/Istanbul")),
        ("Elif", "Mehmet", "Ayşe", "Çağrı", "Zeynep", "Emre", "Gülşen", "Ömer"),
        ("Yıldız", "Şahin", "Öztürk", "Çelik", "Aydın", "Kılıç", "Güneş", "Doğan"),
        ("Toros {} Ltd", "{} Trekking AŞ", "{} Doğa Sporları"),
        ("Atatürk Caddesi", "Cumhuriyet Caddesi"),
    ),
    Place(
        "IN", 4, "en", "+9198########",
        (("Bengaluru", "560001", "Asia/Kolkata"), ("Manali", "175131", "Asia/Kolkata"), ("Kochi", "682001", "Asia/Kolkata")),
        ("Kavya", "Arjun", "Priya", "Rohan", "Meera", "Imran", "Ananya", "Vikram"),
        ("Raman", "Sharma", "Nair", "Reddy", "Khan", "Iyer", "Das", "Menon"),
        ("Nilgiri {} Pvt Ltd", "{} Expeditions", "Himalaya {} Pvt Ltd"),
        ("MG Road", "Park Street", "Mall Road"),
    ),
    Place(
        "JP", 3, "ja", "+8190########",
        (("東京", "100-0001", "Asia/Tokyo"), ("札幌", "060-0001", "Asia/Tokyo"), ("長野", "380-0801", "Asia/Tokyo")),
        ("陽葵", "蓮", "結衣", "大翔", "さくら", "健", "美咲", "拓也"),
        ("佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村"),
        ("{}山岳株式会社", "{}アウトドア", "北海道{}スポーツ"),
        ("中央通り", "本町", "駅前"),
    ),
)  # fmt: skip

INDUSTRIES = (
    ("retail", 50),
    ("wholesale", 12),
    ("hospitality", 14),
    ("services", 8),
    ("education", 5),
    ("non-profit", 5),
    ("public", 3),
    ("other", 3),
)
SOURCES = ("Trade fair", "Website", "Recommendation", "Newsletter", "Shop", "Instagram", "Partner", "")
TITLES = (
    "Head of purchasing",
    "Owner",
    "Shop manager",
    "Buyer",
    "Accounts payable",
    "Guide",
    "Marketing lead",
    "Assistant",
    "Managing director",
    "Logistics",
)
STAGES = (("subscriber", 22), ("lead", 24), ("qualified", 12), ("customer", 32), ("at-risk", 6), ("lost", 4))
TAGS = (
    "vip",
    "trade fair",
    "newsletter",
    "kayak",
    "climbing",
    "ski touring",
    "trail running",
    "tents",
    "bulk buyer",
    "ambassador",
)
