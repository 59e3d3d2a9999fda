public import Seeding

/// Random numbers that a seed repeats.
public typealias Randomness = SeededGenerator
