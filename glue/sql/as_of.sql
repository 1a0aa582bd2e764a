-- The rows of a table as they were at a moment.
--
-- Replace ${log} by the table's change log, ${key} by its key columns, separated by commas, and ${moment} by the time, with its
-- zone: 2026-11-27 12:00:00 UTC. Spark and Trino (Athena) read it.
WITH changes AS (
    SELECT
        ${key}, _op, _commit_ts, _raw_file, _row,
        row_number() OVER (PARTITION BY ${key} ORDER BY _position, _seq, _raw_file, _row) AS place,
        -- An update of the key is a D of the old key and, in the next row of the file, an I of the new one.
        CASE
            WHEN _op = 'D' AND lead(_row) OVER (PARTITION BY _raw_file ORDER BY _row) = _row + 1 THEN 1
            ELSE 0
        END AS leaves
    FROM ${log}
),
numbered AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY ${key}, _commit_ts ORDER BY place DESC) AS from_last,
        max(CASE WHEN _op <> 'D' THEN place END) OVER (PARTITION BY ${key}, _commit_ts) AS version,
        sum(CASE _op WHEN 'I' THEN 1 WHEN 'D' THEN -1 ELSE 0 END) OVER (PARTITION BY ${key}, _commit_ts) AS balance
    FROM changes
),
transactions AS (
    SELECT
        ${key}, _commit_ts, place, version,
        -- Two rows may swap keys in one transaction. Then the D of the row that leaves can come after the I of the one that
        -- takes its key; whether there is a row afterwards is what came and went, or else what was there before.
        CASE
            WHEN _op <> 'D' THEN 1
            WHEN leaves = 0 OR balance < 0 THEN 0
            WHEN balance > 0 THEN 1
        END AS is_there
    FROM numbered
    WHERE from_last = 1
),
states AS (
    SELECT
        ${key}, place, version,
        last_value(is_there) IGNORE NULLS OVER (PARTITION BY ${key} ORDER BY place) AS is_there,
        -- A clock may step back; a row's versions follow each other all the same.
        max(_commit_ts) OVER (PARTITION BY ${key} ORDER BY place) AS valid_from
    FROM transactions
),
periods AS (
    SELECT
        ${key}, version, is_there, valid_from,
        lead(valid_from) OVER (PARTITION BY ${key} ORDER BY place) AS valid_to
    FROM states
),
versions AS (
    SELECT changes._raw_file, changes._row, periods.valid_from, periods.valid_to
    FROM periods
    JOIN changes USING (${key})
    WHERE changes.place = periods.version AND periods.is_there = 1
)
SELECT entries.*
FROM ${log} AS entries
JOIN versions ON entries._raw_file = versions._raw_file AND entries._row = versions._row
WHERE
    versions.valid_from <= TIMESTAMP '${moment}'
    AND (versions.valid_to IS NULL OR versions.valid_to > TIMESTAMP '${moment}')
