"""Words that made-up shops, goods and notes are put together from; none names anybody."""

PLACES = ("Ashcombe", "Brindle", "Cawdale", "Dunmere", "Eastholt", "Fernley", "Garsby", "Hollin")
TRADES = ("Outfitters", "Workwear", "& Daughters", "Supply Co.", "Saddlery", "Schoolwear")
BRANCHES = ("North", "South", "Quayside", "Market Hall")
STREETS = ("Sample Street", "Specimen Road", "Example Lane", "Placeholder Way")
TOWNS = ("Sampleton", "Little Example", "Specimen-on-Sea", "Upper Testing")
FORENAMES = ("Jo", "Sam", "Zoë", "René", "Siân", "Alex", "Błażej")
SURNAMES = ("Sample", "Müller-Example", "O'Specimen", "Test", "Exämple")
GOODS = ("Brae", "Fell", "Glen", "Holm", "Kyle", "Loch", "Moor", "Ness", "Peak", "Tarn")
KINDS = ("Jacket", "Overshirt", "Boot", "Jumper", "Smock", "Trouser", "Waistcoat")
NOTES = (
    "",
    "",
    "Leave at goods-in",
    'Ring "twice" & ask for Jérôme',
    "Café entrance – not the front <door>",
    "Deliver before 10 o’clock; pallet truck on site",
    "Naïve façade colours: match earlier batch, 100% please",
)
COMMENTS = ("", "", "", "Embroider logo on the left", 'Tag as "Größe 2"', "Swap if short & tell us")
