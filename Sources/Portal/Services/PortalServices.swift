/// Everything that the site needs from the rest of the house. Each route takes only the areas that it uses.
///
/// What the storage keeps a service from is thrown as a `Problem` that the client may read, or as an `IntakeError`.
public typealias PortalServices = SignInServices & SignInStepServices & ReferenceServices & UploadServices
    & SubmissionServices & RecordServices & ReceiptServices & OperationServices & DownloadServices & NoticeServices
    & DutyServices & RuleServices & FigureServices & AccountServices & ApplicantServices & ReviewServices
    & DictionaryServices & AnnouncementServices & MediaServices & RegisterServices & PeopleServices & ColleagueServices
    & ClientServices
