-- A shop: every column type of the pipeline, a composite key, and an event log without a primary key.
CREATE TABLE IF NOT EXISTS customers (
    customer_id bigint PRIMARY KEY,
    email       varchar(120),
    first_name  text,
    last_name   text,
    reference   uuid,
    vip         boolean,
    tier        smallint,
    credit      real,
    balance     double precision,
    preferences jsonb,
    born        date,
    registered  timestamptz,
    seen        timestamp
);

CREATE TABLE IF NOT EXISTS products (
    product_id   integer PRIMARY KEY,
    sku          varchar(40),
    name         text,
    price        numeric(12, 2),
    weight       double precision,
    rating       real,
    stock        smallint,
    discontinued boolean,
    attributes   jsonb,
    launched     date
);

CREATE TABLE IF NOT EXISTS orders (
    order_id    bigint PRIMARY KEY,
    customer_id bigint,
    status      varchar(20),
    total       numeric(12, 2),
    items       integer,
    placed_at   timestamptz,
    shipped_at  timestamp,
    note        text,
    gift        boolean,
    tracking    uuid
);

CREATE TABLE IF NOT EXISTS order_items (
    order_id    bigint,
    line_number smallint,
    product_id  integer,
    quantity    integer,
    price       numeric(12, 2),
    discount    double precision,
    remark      varchar(200),
    added       timestamp,
    PRIMARY KEY (order_id, line_number)
);

CREATE TABLE IF NOT EXISTS event_log (
    occurred_at timestamptz,
    kind        varchar(40),
    customer_id bigint,
    level       smallint,
    detail      jsonb,
    message     text,
    cost        numeric(12, 2),
    trace       uuid,
    ok          boolean,
    day         date
);
