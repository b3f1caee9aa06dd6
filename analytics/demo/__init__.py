"""An invented company that makes water filters and air purifiers, with a year behind it.

Nothing in here is real: names are put together at random, addresses lie in reserved domains,
telephone numbers in ranges that nobody has. The texts (folder `texts`, TOML) are content in two
languages and therefore not translated through gettext.

How it is made: `season` says what comes in when, `conversation` writes each record's script as
a list of `steps`, `ledger` plays a script into the rows that the services of feedback would
write, `write` stores them. The services themselves are not called: 6,000 records with 60,000
timeline entries would take them many minutes, queue as many jobs and wake every open page. That
the ledger and the services agree is not hoped for: tests/demo plays the same scripts through both
and compares every column.

Everything that people read follows from the seed and the day. Secrets (tokens, Message-IDs) do
not: they are as random here as anywhere.
"""
