import Intake
import Synchronization

/// How many uploads each institution has under way, so that one cannot take the place of all.
final class UploadSlots: Sendable {
    private let maximum: Int
    private let taken = Mutex<[String: Int]>([:])

    init(maximum: Int) { self.maximum = maximum }

    /// - Throws: `IntakeError.tooManyUploads`.
    func take(for institution: String) throws -> Slot {
        try taken.withLock { taken in
            guard taken[institution, default: 0] < maximum else { throw IntakeError.tooManyUploads(maximum: maximum) }
            taken[institution, default: 0] += 1
        }
        return Slot(institution: institution, slots: self)
    }

    private func release(_ institution: String) {
        taken.withLock { taken in
            let left = taken[institution, default: 0] - 1
            taken[institution] = left > 0 ? left : nil
        }
    }

    /// One upload's place, given back once: when it is over, and at the latest with the slot.
    final class Slot: Sendable {
        private let institution: String
        private let slots: Mutex<UploadSlots?>

        fileprivate init(institution: String, slots: UploadSlots) {
            self.institution = institution
            self.slots = Mutex(slots)
        }

        deinit { giveBack() }

        func giveBack() {
            let slots = slots.withLock { slots -> UploadSlots? in
                defer { slots = nil }
                return slots
            }
            slots?.release(institution)
        }
    }
}
