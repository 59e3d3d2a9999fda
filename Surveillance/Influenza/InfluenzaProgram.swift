public import SurveillanceKit

/// What influenza surveillance asks of a cell beyond the checks that every program has.
public enum InfluenzaProgram: ProgramModule {
    public static let id = "influenza"

    /// `male-only-diagnosis` and `female-only-diagnosis`: whether an ICD-10 code names a disease of one sex alone.
    ///
    /// Rules use them as functions, `P5 != '2' || !maleOnlyDiagnosis(P321)`.
    public static let checks = [
        NamedCheck("male-only-diagnosis") { SexSpecificDiagnoses.male.contains($0) },
        NamedCheck("female-only-diagnosis") { SexSpecificDiagnoses.female.contains($0) },
    ]
}
