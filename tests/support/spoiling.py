"""Files as they are after somebody's elbow was on the keyboard."""


def spoil(data, others, marks, rng):
    """Return `data` with a few pieces replaced by marks or pieces of other files."""
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.randrange(12))
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        new = rng.choice(
            (rng.choice(marks), b"", other[start : start + rng.randrange(80)])
        )
        data = data[:at] + new + data[end:]
    return data
