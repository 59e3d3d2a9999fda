import Accounts
import Checking
import Database
import IndicatorStore
import Intake
public import SurveillanceKit
import Timeliness
import Validation

/// What an error says to whoever operates the platform.
public enum ErrorText {
    /// In both languages where the error is told in both; as it describes itself otherwise.
    public static func of(_ error: any Error) -> BilingualText {
        switch error {
        case let error as DatabaseError: error.message
        case let error as IntakeError: error.message
        case let error as AccountError: error.message
        case let error as DataFolderError: error.message
        case let error as IndicatorError: error.message
        case let error as DeskError: error.message
        case let error as DutyError: error.message
        case let error as NationalListError: error.message
        case let error as OfflineCheckError: error.message
        case let error as ProgramError: BilingualText(zh: error.text(.zh), en: error.text(.en))
        default: BilingualText(zh: "\(error)", en: "\(error)")
        }
    }
}
