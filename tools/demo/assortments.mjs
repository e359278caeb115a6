// What each kind of producer sells: name, display name, category, amount, unit, price in minor units, tax category.
// A unit in capitals of its own (such as `bunch`) is an item; `*` after the price means made to order.
const lines = {
  vegetables: `
    Carrots|Nantes|Vegetables|1|kg|260
    Carrots|bunched|Vegetables|1|bunch|240
    Potatoes|waxy|Vegetables|2|kg|420
    Potatoes|floury|Vegetables|2|kg|390
    Beetroot||Vegetables|1|kg|280
    Leeks||Vegetables|500|g|230
    Red onions||Vegetables|1|kg|250
    Kale|Nero|Vegetables|300|g|270
    Savoy cabbage||Vegetables|1|head|290
    Butternut squash||Vegetables|1|piece|340
    Salad mix||Vegetables|150|g|260
    Lettuce|Batavia|Vegetables|1|head|180
    Spinach||Vegetables|400|g|310
    Radishes||Vegetables|1|bunch|170
    Parsley||Herbs|1|bunch|150
    Chives||Herbs|1|bunch|150
    Vegetable box|for two|Boxes|1|box|1450*`,
  fruit: `
    Apples|Russet|Fruit|1|kg|340
    Apples|for juice|Fruit|5|kg|790
    Pears|Conference|Fruit|1|kg|360
    Plums||Fruit|750|g|390
    Quinces||Fruit|1|kg|420
    Walnuts|in the shell|Nuts|500|g|620
    Hazelnuts|roasted|Nuts|250|g|540
    Strawberries||Fruit|500|g|450
    Raspberries||Fruit|250|g|420
    Cherries||Fruit|500|g|490
    Apple juice|cloudy|Drinks|1|L|320|drinks
    Apple juice|cloudy|Drinks|6|bottles of 1 L|1790|drinks
    Pear juice||Drinks|1|L|350|drinks
    Cider|dry|Drinks|750|mL|580|drinks
    Apple rings|dried|Fruit|150|g|440
    Cider vinegar||Larder|500|mL|460
    Fruit box||Boxes|1|box|1600*`,
  dairy: `
    Milk|whole, unhomogenised|Dairy|1|L|185
    Milk|whole, unhomogenised|Dairy|500|mL|110
    Buttermilk||Dairy|500|mL|140
    Yoghurt|plain|Dairy|500|g|230
    Yoghurt|with cherries|Dairy|500|g|290
    Quark||Dairy|250|g|190
    Butter|salted|Dairy|250|g|380
    Butter|unsalted|Dairy|250|g|370
    Cream||Dairy|200|mL|210
    Fresh cheese|with herbs|Cheese|200|g|360
    Mountain cheese|six months|Cheese|300|g|690
    Mountain cheese|twelve months|Cheese|300|g|840
    Goat cheese|ash|Cheese|150|g|520
    Blue cheese||Cheese|200|g|590
    Grilling cheese||Cheese|200|g|480
    Halloumi|mint|Cheese|220|g|530
    Kefir||Dairy|500|mL|220`,
  bakery: `
    Rye sourdough||Bread|1|kg|560*
    Rye sourdough|half|Bread|500|g|310*
    Country loaf||Bread|750|g|480*
    Spelt loaf||Bread|750|g|570*
    Wholemeal tin loaf||Bread|500|g|420*
    Baguette||Bread|1|piece|240*
    Seeded rolls||Bread|4|rolls|320*
    Cinnamon buns||Sweet|2|buns|460*
    Butter croissants||Sweet|4|croissants|640*
    Apple cake||Sweet|600|g|980*
    Oat biscuits||Sweet|200|g|430
    Crispbread||Bread|250|g|390
    Focaccia|rosemary|Bread|400|g|520*
    Granola||Larder|500|g|690
    Pizza dough||Bread|500|g|310*
    Fruit loaf||Sweet|600|g|720*
    Bread crumbs||Larder|400|g|220`,
  butchery: `
    Minced beef||Meat|500|g|790
    Beef stew||Meat|750|g|1350
    Sirloin steak||Meat|300|g|1290
    Pork chops||Meat|2|chops|760
    Bratwurst||Meat|4|sausages|690
    Smoked sausage||Meat|2|sausages|480
    Air-dried ham||Meat|100|g|460
    Streaky bacon||Meat|200|g|420
    Lamb shoulder||Meat|1|kg|2190
    Beef bones|for broth|Meat|1|kg|380
    Liver pâté||Meat|180|g|450
    Salami||Meat|150|g|540
    Roast pork||Meat|1|kg|1490
    Lard||Larder|200|g|290
    Beef broth||Larder|500|mL|560
    Meat parcel|mixed|Boxes|5|kg|7900*
    Dog bones||Meat|1|kg|250`,
  poultry: `
    Eggs||Eggs|6|eggs|290
    Eggs||Eggs|10|eggs|460
    Eggs||Eggs|30|eggs|1290
    Quail eggs||Eggs|12|eggs|420
    Chicken|whole|Poultry|1.8|kg|1890
    Chicken legs||Poultry|2|legs|790
    Chicken breast||Poultry|400|g|1150
    Soup hen||Poultry|1|hen|890
    Duck|half|Poultry|1|piece|1690
    Chicken broth||Larder|500|mL|520
    Egg pasta|tagliatelle|Larder|400|g|480
    Egg pasta|fusilli|Larder|400|g|480
    Egg liqueur||Drinks|500|mL|1490|drinks
    Turkey steak||Poultry|300|g|820
    Chicken sausages||Poultry|4|sausages|680
    Lemon curd||Larder|200|g|490
    Meringues||Sweet|100|g|350`,
  larder: `
    Honey|blossom|Honey|500|g|780
    Honey|forest|Honey|500|g|890
    Honey|creamed|Honey|250|g|490
    Beeswax candles||Household|2|candles|950|goods
    Strawberry jam||Preserves|250|g|460
    Plum butter||Preserves|250|g|440
    Marmalade|bitter orange|Preserves|250|g|520
    Pickled cucumbers||Preserves|700|g|490
    Sauerkraut||Preserves|500|g|390
    Kimchi||Preserves|350|g|690
    Tomato sauce||Preserves|500|g|540
    Pesto|wild garlic|Preserves|165|g|590
    Chutney|pear and ginger|Preserves|220|g|520
    Elderflower syrup||Drinks|500|mL|680|drinks
    Herb tea|summer meadow|Drinks|40|g|560
    Mustard|coarse|Larder|200|g|420
    Horseradish||Preserves|140|g|390`,
  mill: `
    Wheat flour|white|Flour|1|kg|220
    Wheat flour|wholemeal|Flour|1|kg|230
    Rye flour||Flour|1|kg|210
    Spelt flour||Flour|1|kg|330
    Rolled oats||Grains|1|kg|290
    Pearl barley||Grains|500|g|260
    Buckwheat||Grains|500|g|390
    Lentils|green|Pulses|500|g|420
    Lentils|black|Pulses|500|g|480
    Beans|white|Pulses|500|g|390
    Chickpeas||Pulses|500|g|430
    Rapeseed oil|cold pressed|Oil|500|mL|690
    Sunflower oil|cold pressed|Oil|500|mL|640
    Linseed oil||Oil|250|mL|720
    Spaghetti|spelt|Pasta|500|g|390
    Muesli||Grains|750|g|690
    Wheat flour|white|Flour|25|kg|3900*`,
};

// What a wholesaler keeps, in every size: category, what, sizes with the price of a thing of middling price, names.
// With it a shop has more than 400 products.
const shelves = `
  Spices|ground|40 g 290, 100 g 560, 500 g 1990|Allspice,Anise,Basil,Bay leaf,Caraway,Cardamom,Chervil,Chilli,Cloves,Coriander,Cumin,Dill,Fennel seed,Fenugreek,Garlic,Ginger,Juniper,Lovage,Marjoram,Nutmeg,Oregano,Paprika,Pepper,Turmeric
  Teas|loose|50 g 380, 100 g 640, 500 g 2490|Blackberry leaf,Camomile,Elderflower,Fennel,Lady's mantle,Lemon balm,Linden blossom,Nettle,Peppermint,Sage,Thyme,Verbena
  Pulses|dried|500 g 390, 2 kg 1390, 5 kg 2990|Adzuki beans,Beluga lentils,Black beans,Brown lentils,Chickpeas,Field beans,Green lentils,Kidney beans,Red lentils,Split peas,White beans,Yellow peas
  Grains|whole|1 kg 290, 5 kg 1290, 10 kg 2390|Amaranth,Barley,Buckwheat,Einkorn,Emmer,Green spelt,Maize,Millet,Oats,Quinoa,Rye,Spelt,Triticale,Wheat
  Fruit|dried|200 g 390, 500 g 890, 1 kg 1690|Apple rings,Apricots,Bilberries,Cherries,Cranberries,Currants,Mulberries,Pear quarters,Plums,Raisins,Sea buckthorn,Strawberries
  Nuts|and seeds|200 g 420, 500 g 940, 1 kg 1790|Almonds,Chestnuts,Hazelnuts,Hemp seed,Linseed,Poppy seed,Pumpkin seed,Sesame,Sunflower seed,Walnuts
  Household|unscented|500 mL 390, 5 L 2190|Descaler,Dish soap,Floor soap,Glass cleaner,Hand soap,Laundry soap,Vinegar cleaner,Wool soap
  Drinks|unfiltered|700 mL 340, 5 L 1690|Apple and carrot juice,Apple juice,Beetroot juice,Currant juice,Grape juice,Pear juice,Quince juice,Rhubarb juice`;

function wholesale() {
  return shelves
    .trim()
    .split('\n')
    .flatMap((shelf) => {
      const [category, displayName, sizes, names] = shelf.trim().split('|');
      return names.split(',').flatMap((name, index) =>
        sizes.split(', ').map((size) => {
          const [amount, unit, price] = size.split(' ');
          // From four fifths of the middling price to six.
          const priceMinor = Math.round(Number(price) * (0.8 + ((index * 7) % 9) * 0.05));
          const tax = { Household: 'goods', Drinks: 'drinks' }[category] ?? 'food';
          return { name, displayName, category, amount, unit, tax, priceMinor, onDemand: false };
        }),
      );
    });
}

/** The goods of one kind of producer. */
export function assortmentOf(kind) {
  if (kind === 'wholesale') return wholesale();
  return lines[kind]
    .trim()
    .split('\n')
    .map((line) => {
      const [name, displayName, category, amount, unit, price, tax = 'food'] = line.trim().split('|');
      return {
        name,
        displayName,
        category,
        amount,
        unit,
        tax,
        priceMinor: Number(price.replace('*', '')),
        onDemand: price.endsWith('*'),
      };
    });
}

const MEASURED = new Set(['g', 'kg', 'mL', 'L']);
const HEADER =
  'producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,price,on_hand,on_demand,tax_category';

/** Goods as a file in the Open Food Network's format. */
export function asProductFile(producer, goods) {
  const rows = goods.map((item, index) => {
    const measured = MEASURED.has(item.unit);
    return [
      producer.name,
      `${producer.prefix}-${String(index + 1).padStart(2, '0')}`,
      item.name,
      item.displayName,
      item.category,
      '',
      item.amount,
      measured ? item.unit : '',
      measured ? '' : item.unit,
      (item.priceMinor / 100).toFixed(2),
      item.onDemand ? '' : item.stock,
      item.onDemand ? 1 : '',
      item.tax,
    ]
      .map((cell) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell))
      .join(',');
  });
  return [HEADER, ...rows, ''].join('\n');
}
