"""How columns are called in the files that people have, in several languages: place → names."""

import re

from rapport.engine.records.folding import fold

NOISE = re.compile(r"^(property|contact|person|lead|user|primary|main|haupt) (?=\w)")
SEPARATORS = re.compile(r"[\s_\-./:#*()\[\]]+")
NUMBERED = re.compile(r" ?\d+$")

WORDS = {
    "name": "name; full name; fullname; contact name; display name; vollstandiger name; ganzer name; nom complet; "
    "nombre completo; nome completo; nome e cognome; volledige naam; navn; namn; fullt namn; kontakt",
    "first_name": "first name; firstname; given name; forename; first; vorname; prenom; nombre; primer nombre; nome; "
    "voornaam; fornavn; fornamn; etunimi; imie",
    "last_name": "last name; lastname; surname; family name; last; nachname; familienname; nom; nom de famille; "
    "apellido; apellidos; cognome; sobrenome; achternaam; etternavn; efternavn; efternamn; sukunimi; nazwisko",
    "salutation": "salutation; how to address; title prefix; prefix; anrede; civilite; tratamiento; aanhef; titel",
    "emails": "email; e mail; mail; email address; e mail address; mailadresse; e mail adresse; emailadresse; "
    "courriel; adresse email; adresse e mail; correo; correo electronico; indirizzo email; epost; e post; sahkoposti",
    "emails:work": "e mail work; work email; business email; e mail geschaftlich",
    "emails:home": "e mail home; home email; personal email; private email; e mail privat",
    "emails:other": "e mail other; other email; secondary email; alternative email",
    "phones": "phone; telephone; tel; phone number; telefon; telefonnummer; telefono; numero de telephone; telefone; "
    "telefoon; puhelin; tlf; rufnummer; festnetz",
    "phones:mobile": "mobile; mobile phone; phone mobile; cell; cell phone; cellphone; mobil; mobilnummer; handy; "
    "mobiltelefon; portable; movil; celular; cellulare; mobiel",
    "phones:work": "work phone; phone work; business phone; office phone; telefon geschaftlich; telefon buro",
    "phones:home": "home phone; phone home; telefon privat",
    "phones:other": "phone other; other phone",
    "company": "company; company name; organisation; organization; account; account name; employer; firma; "
    "firmenname; unternehmen; societe; entreprise; empresa; compania; azienda; bedrijf; foretag; selskap; yritys; firm",
    "stage": "stage; lifecycle stage; life cycle stage; status; phase; lead status",
    "owner": "owner; account owner; record owner; sales rep; sales agent; besitzer; betreuer; zustandig; "
    "propietario; responsable; eigenaar; ansvarlig; ansvarig",
    "source": "source; lead source; quelle; herkunft; origine; origen; fonte; bron; kilde; kalla",
    "language": "language; sprache; langue; idioma; lingua; taal; sprak",
    "time_zone": "time zone; timezone; zeitzone; fuseau horaire; zona horaria",
    "birthday": "birthday; birth date; birthdate; date of birth; dob; geburtstag; geburtsdatum; anniversaire; "
    "date de naissance; fecha de nacimiento; cumpleanos; data di nascita; geboortedatum; fodselsdag; fodelsedag",
    "do_not_contact": "do not contact; do not email; do not call; nicht kontaktieren; opt out; keine werbung",
    "tags": "tags; tag; labels; keywords; categories; schlagworte; stichworte; etiquetas; etichette; etiquettes",
    "addresses.street": "street; street address; address; address line 1; address 1; strasse; adresse; anschrift; rue; "
    "calle; direccion; via; indirizzo; straat; gate; gata; billing street; mailing street; street and number",
    "addresses.postcode": "postcode; postal code; zip; zip code; zipcode; plz; postleitzahl; code postal; "
    "codigo postal; cap; postnummer; postnr; billing postal code; mailing postal code",
    "addresses.city": "city; town; ort; stadt; wohnort; ville; ciudad; citta; cidade; plaats; stad; by; kaupunki; "
    "billing city; mailing city",
    "addresses.region": "region; state; province; county; bundesland; etat; provincia; estado; regione; provincie; "
    "fylke; lan; state province; billing state; mailing state",
    "addresses.country": "country; land; pays; pais; paese; nation; country region; maa; kraj; office location; "
    "billing country; mailing country",
    "domains": "domain; domains; web domain; company domain; domain name; website; web site; web; url; homepage; "
    "webseite; internet; site web; sitio web; sito web; internetseite",
    "links": "links; link; website; web site; web; url; homepage; webseite; linkedin; linkedin url; internet",
    "industry": "industry; sector; branche; secteur; industrie; sectore; settore; bransje; bransch",
    "size": "employees; number of employees; size; headcount; mitarbeiter; mitarbeiterzahl; anzahl mitarbeiter; "
    "effectif; empleados; dipendenti; ansatte; anstallda; numberofemployees",
    "revenue": "revenue; annual revenue; annualrevenue; yearly revenue; turnover; umsatz; jahresumsatz; "
    "chiffre d affaires; ingresos; fatturato; omzet; omsetning; omsattning",
    "vat_number": "vat number; vat; vat id; ust id; ustid; ust idnr; tva; numero de tva; partita iva; nif; cif; btw; "
    "mva; org nr; organisationsnummer",
    "parent": "parent; parent company; parent account; subsidiary of; muttergesellschaft; konzern; societe mere",
    "external_id": "id; uid; external id; record id; customer id; customer number; contact id; account id; company id; "
    "kundennummer; kunden nr; kd nr; kundennr; numero client; lead number; prospect id; hs object id; nummer",
    "id": "rapport id",
    "changed": "last modified; last modified date; last change; modified; updated at; changed at; letzte anderung",
}
TITLES = {
    "companies": "company; company name; account; account name; organisation; organization; firma; firmenname; "
    "unternehmen; societe; entreprise; empresa; azienda; bedrijf; foretag; selskap; customer; kunde"
}


def whole_name(header: str) -> str:
    """A column's name without case, accents and signs: `E-Mail_2` → `e mail 2`."""
    return SEPARATORS.sub(" ", fold(header)).strip()


def plain_name(header: str) -> str:
    """Also without the number at its end: `e mail`."""
    words = whole_name(header)
    return NUMBERED.sub("", words) or words


def bare_name(name: str) -> str:
    """Without what systems put before a name: `property firstname` → `firstname`."""
    return NOISE.sub("", name)


def words_of(to: str, rtype_slug: str) -> list[str]:
    """The names under which a place is known, the most usual first."""
    given = TITLES.get(rtype_slug, "") if to == "name" else ""
    if to == "name" and given:
        given += "; name"
    return [plain_name(word) for word in (given or WORDS.get(to, "")).split(";") if word.strip()]
