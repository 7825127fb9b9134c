/** What the example's lake holds: files of tables that are made up by arithmetic on row numbers. */

/** One Parquet file. */
export interface LakeFile {
  readonly bucket: string;
  readonly key: string;
  readonly rows: number;
  /** A SELECT from `range(rows) t(i)`; `u(i, column)` is evenly spread over [0, 1), and the same in each run. */
  readonly select: string;
}

const bucket = "lake";

/** Picks from a list of literals, earlier ones more often: `skew` 1 is even. */
function pick(list: string, column: number, skew = 1): string {
  const values = list.split(",").map((value) => `'${value}'`);
  return `[${values}][1 + CAST(floor(pow(u(i, ${column}), ${skew}) * ${values.length}) AS INTEGER)]`;
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const two = (value: number) => String(value).padStart(2, "0");
const months = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Trade grows over the years, and swells before Christmas. */
function ordersIn(year: number, month: number): number {
  const season = [
    0.82,
    0.8,
    0.94,
    0.97,
    1.02,
    0.98,
    0.86,
    0.92,
    1.0,
    1.06,
    1.34,
    1.52,
  ][month - 1] ?? 1;
  return Math.round(
    100_000 * season * (1 + 0.18 * (year - 2025) + 0.01 * month),
  );
}

/** The product says what it costs and in which category it is; both follow from `product`, a number from 0 to 23. */
const products = `[
  'Alpine tent','Trail pack 40 l','Sleeping bag','Camp stove','Head torch','Water filter',
  'Road bike','Gravel bike','Cargo bike','Helmet','Bike light','Pannier',
  'Touring ski','Ski boots','Climbing skins','Ski poles','Avalanche beacon','Goggles',
  'Rain shell','Down jacket','Merino base layer','Trail shoes','Hiking boots','Gloves']`;
const prices = `[389, 149, 219, 59, 39, 45, 1290, 1690, 3890, 79, 35, 89,
  549, 429, 149, 69, 329, 99, 199, 279, 69, 139, 189, 35]`;
const categories = "['Camping','Cycling','Winter','Clothing']";

function orders(year: number, month: number): LakeFile {
  const rows = ordersIn(year, month);
  // What sells follows the season, so that a chart over months has something to say.
  const winter = [
    0.5,
    0.45,
    0.35,
    0.15,
    0.05,
    0.03,
    0.03,
    0.04,
    0.1,
    0.25,
    0.4,
    0.55,
  ][month - 1] ?? 0;
  const line = `
    SELECT i,
      CASE WHEN u(i, 1) < ${winter} THEN 12 + CAST(floor(u(i, 2) * 6) AS INTEGER)
           ELSE [0, 6, 18][1 + CAST(floor(u(i, 3) * 3) AS INTEGER)] + CAST(floor(pow(u(i, 2), 1.4) * 6) AS INTEGER)
      END AS product,
      1 + CAST(floor(pow(u(i, 4), 5) * 5) AS INTEGER) AS quantity,
      CASE WHEN u(i, 5) < 0.18 THEN [5, 10, 15, 20][1 + CAST(floor(u(i, 6) * 4) AS INTEGER)] ELSE 0 END AS discount
    FROM range(${rows}) t(i)`;
  return {
    bucket,
    key: `sales/${year}/orders-${year}-${two(month)}.parquet`,
    rows,
    select: `
      SELECT
        ${year}${two(month)}0000000 + i AS order_id,
        TIMESTAMP '${year}-${two(month)}-01' + to_seconds(
          CAST((i + u(i, 0)) / ${rows} * ${daysOf(year, month) * 86_400} AS BIGINT)) AS ordered_at,
        ${pick("SE,DE,NO,DK,FR,NL,FI,AT,IT,PL", 7, 1.7)} AS country,
        ${pick("web,store,app,partner", 8, 1.5)} AS channel,
        ${categories}[1 + product // 6] AS category,
        ${products}[1 + product] AS product,
        quantity,
        CAST(${prices}[1 + product] AS DECIMAL(9, 2)) AS unit_price,
        discount AS discount_percent,
        CAST(quantity * ${prices}[1 + product] * (100 - discount) / 100 AS DECIMAL(12, 2)) AS amount,
        1 + CAST(floor(pow(u(i, 9), 1.8) * 240000) AS INTEGER) AS customer_id,
        u(i, 10) < 0.04 AS returned
      FROM (${line})`,
  };
}

/** What sales must not cover, though its prefix starts alike. */
function margins(year: number): LakeFile {
  const rows = 60_000;
  return {
    bucket,
    key: `sales-secret/${year}/margins.parquet`,
    rows,
    select: `
      SELECT
        DATE '${year}-01-01' + CAST(floor(i / ${rows} * 300) AS INTEGER) AS day,
        ${products}[1 + CAST(floor(u(i, 0) * 24) AS INTEGER)] AS product,
        ${pick("Nordwand,Kestrel,Fjordline,Sable & Son", 1)} AS supplier,
        CAST(20 + u(i, 2) * 900 AS DECIMAL(9, 2)) AS purchase_price,
        CAST(8 + u(i, 3) * 34 AS DECIMAL(5, 2)) AS margin_percent
      FROM range(${rows}) t(i)`,
  };
}

/** Sensors of a cold store in which something is tried: their temperatures swing with the day, some drift. */
function readings(experiment: number, run: number): LakeFile {
  const rows = 120_000;
  const sensors = 12;
  return {
    bucket,
    key: `experiments/exp-${experiment}/run=${run}/readings.parquet`,
    rows,
    select: `
      SELECT
        TIMESTAMP '2026-0${experiment + 2}-${two(run * 7)} 06:00:00' + to_seconds(5 * (i // ${sensors})) AS measured_at,
        'sensor-' || lpad(CAST(1 + i % ${sensors} AS VARCHAR), 2, '0') AS sensor,
        ['rack A', 'rack B', 'door', 'ceiling'][1 + i % 4] AS position,
        round(4 + ${run} * 0.6 + 2.2 * sin(2 * pi() * (i // ${sensors}) * 5 / 86400)
          + CASE WHEN i % ${sensors} = 7 THEN i / ${rows} * 3 ELSE 0 END
          + (u(i, 1) + u(i, 2) + u(i, 3) - 1.5) * 0.8, 3) AS temperature_celsius,
        round(62 - ${run} * 1.5 + (u(i, 4) + u(i, 5) - 1) * 9, 2) AS humidity_percent,
        CASE WHEN u(i, 6) < 0.002 THEN NULL ELSE CAST(2950 + floor(u(i, 7) * 350) AS INTEGER) END AS battery_millivolt
      FROM range(${rows}) t(i)`,
  };
}

export const files: readonly LakeFile[] = [
  ...months(12).map((month) => orders(2025, month)),
  ...months(10).map((month) => orders(2026, month)),
  margins(2025),
  margins(2026),
  ...[1, 2].flatMap((experiment) => [1, 2, 3].map((run) => readings(experiment, run))),
];
