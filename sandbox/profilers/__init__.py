"""Where counters come from: the card, or the compiler."""
