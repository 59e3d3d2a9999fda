import CoreRuntime

/// Random numbers that a seed repeats.
public typealias Randomness = SeededGenerator
