extension NamedCheck {
    /// The checks that every program can name, with or without a module of its own.
    public static let common: [NamedCheck] = [
        NamedCheck("resident-id", passes: ResidentID.isValid),
        NamedCheck("icd10", passes: ClassificationCodes.isICD10),
        NamedCheck("icd9cm3", passes: ClassificationCodes.isICD9CM3),
        NamedCheck("icdo-morphology", passes: ClassificationCodes.isMorphology),
        NamedCheck("postcode", passes: ClassificationCodes.isPostcode),
    ]
}
