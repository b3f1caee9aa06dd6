from django.db import migrations

# Frozen: the twin of config.kernel.conditions.fold as it was when this ran (a test compares).
# In plpgsql, because each step is taken only when the text needs it: plain Latin text and
# Chinese text never reach the long lists, which translate() would search letter by letter.
BLOCKS = [
    (0x00C0, 0x0180),
    (0x0180, 0x0370),
    (0x0370, 0x0400),
    (0x0400, 0x0530),
    (0x0530, 0x0590),
    (0x1E00, 0x1F00),
]


def step(first, end):
    letters = {chr(code): chr(code).casefold() for code in range(first, end)}
    pairs = [(big, small) for big, small in letters.items() if len(small) == 1 and small != big]
    capitals = "".join(big for big, _ in pairs)
    smalls = "".join(small for _, small in pairs)
    return (
        f"    IF value ~ '[{chr(first)}-{chr(end - 1)}]' THEN\n"
        f"      value := translate(value, '{capitals}', '{smalls}');\n"
        f"    END IF;\n"
    )


CREATE = f"""
CREATE FUNCTION conditions_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) = length(value) THEN
    RETURN lower(value COLLATE "C");
  END IF;
  value := lower(normalize(value, NFKC) COLLATE "C");
  IF value ~ '[{chr(0x00C0)}-{chr(0x058F)}{chr(0x1E00)}-{chr(0x1EFF)}]' THEN
{"".join(step(*block) for block in BLOCKS)}
    value := replace(replace(value, 'ß', 'ss'), 'ẞ', 'ss');
  END IF;
  RETURN value;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_rate_counts")]

    operations = [migrations.RunSQL([(CREATE, None)], "DROP FUNCTION conditions_fold(text)")]
