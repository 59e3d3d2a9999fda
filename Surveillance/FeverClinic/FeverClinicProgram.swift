import SurveillanceKit

/// Fever-clinic surveillance: its rules need no checks beyond those that every program has.
public enum FeverClinicProgram: ProgramModule {
    public static let id = "fever-clinic"
    public static let checks: [NamedCheck] = []
}
