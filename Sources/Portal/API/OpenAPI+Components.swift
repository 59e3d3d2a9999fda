/// Of the API's description what its paths refer to.
let openAPIComponents: StaticString = #"""
      "components": {
        "securitySchemes": {
          "basic": { "type": "http", "scheme": "basic" },
          "bearer": { "type": "http", "scheme": "bearer" },
          "session": { "type": "apiKey", "in": "cookie", "name": "vedette_session" }
        },
        "parameters": {
          "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "example": "01J9Z3N8Q4V6W2X5Y7A0B1C2D3" },
          "account": { "name": "name", "in": "path", "required": true, "schema": { "type": "string" }, "example": "chen", "description": "The account's name." },
          "FormToken": { "name": "X-Form-Token", "in": "header", "schema": { "type": "string" },
            "description": "Only with a session: the token of its forms." },
          "IdempotencyKey": { "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" }, "example": "H001-influenza-2026-11-29",
            "description": "The client's own name for this request: sent again with the same key, it is answered with the first one's submission and 200; with other bytes, with 409." }
        },
        "headers": {
          "Link": { "description": "The next page, where there is one: `</api/v1/…>; rel=\"next\"` (RFC 8288).", "schema": { "type": "string" } },
          "RetryAfter": { "description": "After so many seconds the request can be sent again.", "schema": { "type": "integer" } }
        },
        "responses": {
          "AccountDone": {
            "description": "Done, or waiting for another security administrator.",
            "content": { "application/json": { "schema": {
              "type": "object", "required": ["state"], "properties": { "state": { "type": "string", "enum": ["done", "waits"] } } } } }
          },
          "AccountLink": {
            "description": "The account, and the link with which its password is set once: it is told this once.",
            "content": { "application/json": { "schema": {
              "type": "object", "required": ["account", "link"], "properties": { "account": { "type": "string" }, "link": { "type": "string" } } } } }
          },
          "BadRequest": {
            "description": "A parameter, a value of one, or a body that this description does not list.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unauthorized": {
            "description": "No credentials, or wrong ones.",
            "headers": { "WWW-Authenticate": { "schema": { "type": "string" } } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Forbidden": {
            "description": "The account may not do or see this.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unprocessable": {
            "description": "Every value is a known one, but together, or with what is stored, they cannot be answered.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "TooManyRequests": {
            "description": "Wrong passwords before, or too many uploads at once.",
            "headers": { "Retry-After": { "$ref": "#/components/headers/RetryAfter" } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unavailable": {
            "description": "The server is stopping, or its storage does not answer.",
            "headers": { "Retry-After": { "$ref": "#/components/headers/RetryAfter" } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Problem": {
            "description": "What is wrong and what would put it right (RFC 9457).",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          }
        },
        "schemas": {
          "Role": { "type": "string", "enum": ["institution", "provincial", "national", "platform", "security", "auditor", "reviewer", "analyst"] },
          "ColleagueRights": { "type": "string", "enum": ["send", "read"] },
          "AccountRequestKind": { "type": "string", "enum": ["create", "grant", "enable", "certificate"] },
          "CodeExplanation": {
            "type": "object",
            "required": ["code", "shape", "kind", "summary", "isPlausible", "organizationCode", "region", "regionName", "category", "categoryTitle", "economicType", "managementClass", "managementClassTitle", "authority", "findings"],
            "properties": {
              "code": { "type": "string", "description": "Upper case, without blanks and hyphens." },
              "shape": { "type": "string", "enum": ["ws218", "uscc", "organization", "other"] },
              "kind": { "$ref": "#/components/schemas/Text" },
              "summary": { "$ref": "#/components/schemas/Text" },
              "isPlausible": { "type": "boolean", "description": "No finding is an error." },
              "organizationCode": { "type": ["string", "null"] },
              "region": { "type": ["string", "null"] },
              "regionName": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "category": { "type": ["string", "null"] },
              "categoryTitle": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "economicType": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "managementClass": { "type": ["string", "null"], "enum": ["1", "2", "9", null] },
              "managementClassTitle": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "authority": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "findings": { "type": "array", "items": { "type": "object",
                "required": ["code", "severity", "position", "expected", "message"],
                "properties": {
                  "code": { "type": "string" },
                  "severity": { "type": "string", "enum": ["error", "warning"] },
                  "position": { "type": ["integer", "null"], "description": "From 1, in the code as it is given back." },
                  "expected": { "type": ["string", "null"], "description": "The character that belongs there." },
                  "message": { "$ref": "#/components/schemas/Text" } } } }
            }
          },
          "ProgramID": { "type": "string", "description": "A program of this server.", "enum": [] },
          "Split": { "type": "string", "description": "A period, a division of the country, the level of institutions, or a dimension of a program.",
            "enum": ["day", "week", "month", "season", "year", "region", "province", "prefecture", "county", "zone", "institution", "level"] },
          "InstitutionCode": { "type": "string", "description": "An institution's code.", "pattern": "^[0-9A-Za-z-]{1,40}$" },
          "Region": { "type": "string", "description": "A province, prefecture or county by 2, 4 or 6 digits of GB/T 2260.",
            "pattern": "^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|81|82)([0-9]{2}){0,2}$" },
          "SubmissionID": { "type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$" },
          "FileName": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" },
          "DayOrPeriod": { "type": "string", "description": "A day, 2026-11-29; a week, month or year stands for its first or last day: 2026-W40, 2026-11, 2026.",
            "pattern": "^20[0-9]{2}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|-W[0-5][0-9](/20[0-9]{2}-W[0-5][0-9])?|-(0[1-9]|1[0-2]))?$" },
          "DayOrInstant": { "type": "string", "description": "An instant with its zone; a day alone is its end.",
            "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+ -][0-2][0-9]:[0-5][0-9]))?$" },
          "State": { "type": "string", "enum": ["received", "processing", "accepted", "partly-accepted", "rejected", "failed"] },
          "Text": { "type": "object", "required": ["zh", "en"], "properties": { "zh": { "type": "string" }, "en": { "type": "string" } } },
          "Figures": {
            "type": "object", "required": ["id", "version", "asOf", "rows"],
            "properties": {
              "id": { "type": "string" }, "version": { "type": "integer" }, "asOf": { "type": "string", "format": "date-time" },
              "rows": { "type": "array", "items": { "type": "object",
                "required": ["period", "value", "numerator", "denominator", "lower", "upper", "status"],
                "properties": {
                  "period": { "type": "string" }, "value": { "type": ["number", "null"] },
                  "numerator": { "type": ["number", "null"] }, "denominator": { "type": ["number", "null"] },
                  "lower": { "type": ["number", "null"] }, "upper": { "type": ["number", "null"] },
                  "status": { "enum": ["final", "provisional", "suppressed", "missing", "too-few"] } } } }
            }
          },
          "Comparison": { "type": "object", "required": ["before", "after", "parts"] },
          "CodeTable": {
            "type": "object", "required": ["id", "category", "rows", "from", "to", "receivedAt", "receivedBy"],
            "properties": {
              "id": { "type": "string" }, "category": { "type": "string" }, "rows": { "type": "integer" },
              "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" },
              "receivedAt": { "type": "string", "format": "date-time" }, "receivedBy": { "type": "string" },
              "removed": { "type": "object", "required": ["at", "by", "reason"],
                "properties": { "at": { "type": "string", "format": "date-time" }, "by": { "type": "string" }, "reason": { "type": "string" } } },
              "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Text" } }
            }
          },
          "Obligations": {
            "type": "object", "required": ["items", "total", "next"],
            "properties": {
              "total": { "type": ["integer", "null"], "description": "Over all pages, where one day or one institution is asked for; else null." },
              "items": { "type": "array", "items": { "$ref": "#/components/schemas/Obligation" } },
              "next": { "type": ["string", "null"], "description": "For `after` of the next page." },
              "unjudged": { "type": "array", "items": { "$ref": "#/components/schemas/Text" },
                "description": "What could not be judged, and why; the first 100." }
            }
          },
          "Obligation": {
            "type": "object",
            "required": ["institution", "program", "kind", "period", "dueAt", "timeZone", "state", "receivedAt", "pending", "rules"],
            "properties": {
              "institution": { "type": "string" },
              "program": { "type": "string" },
              "kind": { "enum": ["first-report", "daily", "working-days", "weekly", "monthly", "once"] },
              "id": { "type": ["string", "null"], "description": "Of a rule that has one." },
              "period": { "type": "object", "required": ["from", "to"], "description": "The first and the last day that the report covers.",
                "properties": { "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" } } },
              "dueAt": { "type": "string", "format": "date-time", "description": "At or before it a report is in time." },
              "timeZone": { "type": "string" },
              "state": { "enum": ["upcoming", "due", "in-time", "late", "missing", "exempt"] },
              "receivedAt": { "type": ["string", "null"], "format": "date-time", "description": "When what decided the state was received." },
              "pending": { "type": "boolean", "description": "Something that came in time has not been processed yet: its outcome will decide." },
              "rules": { "type": "array", "description": "Every rule and fact that led to the state, in the order in which they were applied.",
                "items": { "type": "object", "required": ["kind", "text"],
                  "properties": { "kind": { "type": "string" }, "text": { "$ref": "#/components/schemas/Text" },
                    "source": { "type": "string" }, "place": { "type": "string" }, "setOn": { "type": "string", "format": "date" },
                    "retroactive": { "type": "boolean" } } } }
            }
          },
          "SubmissionPage": {
            "type": "object", "required": ["submissions", "total", "next"],
            "properties": {
              "submissions": { "type": "array", "items": { "$ref": "#/components/schemas/Submission" } },
              "total": { "type": "integer", "description": "Over all pages." },
              "next": { "type": ["string", "null"], "description": "For `before` of the next page." }
            }
          },
          "Submissions": {
            "type": "object", "required": ["submissions"],
            "properties": { "submissions": { "type": "array", "items": { "$ref": "#/components/schemas/Submission" } } }
          },
          "Submission": {
            "type": "object",
            "required": ["id", "state", "receivedAt", "institution", "fileName", "size", "sm3", "rows", "accepted", "rejected", "errors", "warnings", "files"],
            "properties": {
              "id": { "type": "string" },
              "state": { "$ref": "#/components/schemas/State" },
              "receivedAt": { "type": "string", "format": "date-time", "description": "When its last byte was durable." },
              "finishedAt": { "type": ["string", "null"], "format": "date-time" },
              "institution": { "type": "string" },
              "fileName": { "type": "string" },
              "size": { "type": "integer" },
              "sm3": { "type": "string", "description": "SM3 of the bytes, 64 hexadecimal digits." },
              "rows": { "type": "integer", "description": "数据包记录总数" },
              "accepted": { "type": "integer", "description": "接口达标数" },
              "rejected": { "type": "integer" },
              "errors": { "type": "integer" },
              "warnings": { "type": "integer" },
              "files": { "type": "array", "items": { "$ref": "#/components/schemas/File" } },
              "reason": { "anyOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ], "description": "Why processing failed." },
              "checkedPercent": { "type": ["integer", "null"], "minimum": 0, "maximum": 99,
                "description": "Of one that is being processed, where it is asked for alone: how much of its bytes has been checked." },
              "alreadyReceived": { "type": "boolean", "description": "In the answer to an upload: the same bytes had been received before." },
              "message": { "$ref": "#/components/schemas/Text", "description": "In the answer to an upload: what happens now." },
              "contents": { "type": "array", "description": "Of a package that came as several tables, each with its own size and digest.",
                "items": { "type": "object", "required": ["name", "size", "sm3"],
                  "properties": { "name": { "type": "string" }, "size": { "type": "integer" }, "sm3": { "type": "string" } } } },
              "records": { "type": ["object", "null"], "description": "What the accepted rows came to in the store.",
                "properties": { "added": { "type": "integer" }, "changed": { "type": "integer" }, "unchanged": { "type": "integer" },
                  "withdrawn": { "type": "integer" } } },
              "acknowledgement": { "type": ["object", "null"], "description": "That its institution has looked at the warnings.",
                "properties": { "at": { "type": "string", "format": "date-time" }, "account": { "type": "string" },
                  "reason": { "type": "string", "description": "For the institution alone." } } },
              "repairs": { "type": ["string", "null"], "description": "The earlier submission whose rejected rows it brings corrected." },
              "repairedBy": { "type": ["string", "null"], "description": "The later submission with which the last of its rejected rows came corrected." },
              "withdrawal": { "type": ["object", "null"], "description": "That its institution has taken it back.",
                "properties": { "at": { "type": "string", "format": "date-time" }, "reason": { "type": "string", "description": "For the institution alone." },
                  "returned": { "type": ["integer", "null"], "description": "Records that are as they were before." },
                  "removed": { "type": ["integer", "null"], "description": "Records that are no longer there." } } },
              "waiting": { "type": "array", "description": "Rows that are checked again by themselves when a parent of theirs is reported.",
                "items": { "type": "object", "required": ["program", "fileType", "rows", "parents", "until"],
                  "properties": { "program": { "type": "string" }, "fileType": { "type": "string" }, "rows": { "type": "integer" },
                    "parents": { "type": "array", "items": { "type": "string" } }, "until": { "type": "string", "format": "date-time" } } } }
            }
          },
          "FileChanges": {
            "type": "object",
            "required": ["file", "new", "changed", "unchanged", "withdrawn", "vanished"],
            "properties": {
              "file": { "type": "string" },
              "program": { "type": ["string", "null"] },
              "fileType": { "type": ["string", "null"] },
              "new": { "type": "integer" },
              "changed": { "type": "integer" },
              "unchanged": { "type": "integer" },
              "withdrawn": { "type": "integer", "description": "Records that rows with `withdraw` in `_action` withdraw." },
              "vanished": { "type": "integer", "description": "Stored records of the days that the program's packages cover that are not in this one. They stay stored." }
            }
          },
          "Change": {
            "type": "object",
            "required": ["file", "key", "change", "fields"],
            "properties": {
              "file": { "type": "string" },
              "key": { "type": ["object", "null"], "description": "The record's primary key, masked where it may identify a patient; null where that version is no longer kept." },
              "change": { "enum": ["new", "changed", "withdrawn", "vanished"] },
              "fields": { "type": ["array", "null"], "items": { "type": "string" }, "description": "Of a changed record the fields that differ." }
            }
          },
          "Changes": {
            "type": "object",
            "required": ["id", "files", "total", "changes", "next"],
            "properties": {
              "id": { "type": "string" },
              "files": { "type": "array", "items": { "$ref": "#/components/schemas/FileChanges" } },
              "total": { "type": "integer", "description": "How many records are listed over all pages." },
              "changes": { "type": "array", "items": { "$ref": "#/components/schemas/Change" } },
              "next": { "type": ["integer", "null"], "description": "The offset of the next page." }
            }
          },
          "DryRun": {
            "type": "object",
            "required": ["state", "fileName", "files", "changesTotal", "changes", "findingsTotal", "findings"],
            "properties": {
              "state": { "$ref": "#/components/schemas/State" },
              "fileName": { "type": "string" },
              "files": { "type": "array", "items": { "allOf": [
                { "$ref": "#/components/schemas/File" }, { "$ref": "#/components/schemas/FileChanges" } ] } },
              "changesTotal": { "type": "integer" },
              "changes": { "type": "array", "items": { "$ref": "#/components/schemas/Change" }, "description": "The first 1,000." },
              "findingsTotal": { "type": "integer" },
              "findings": { "type": "array", "items": { "$ref": "#/components/schemas/Finding" }, "description": "The first 1,000." }
            }
          },
          "DryRuns": {
            "type": "object", "required": ["packages"],
            "properties": { "packages": { "type": "array", "items": { "$ref": "#/components/schemas/DryRun" } } }
          },
          "File": {
            "type": "object",
            "required": ["file", "name", "rows", "accepted", "rejected", "errors", "warnings"],
            "properties": {
              "file": { "type": "string" },
              "name": { "type": "string", "description": "The same as file." },
              "program": { "type": ["string", "null"] },
              "fileType": { "type": ["string", "null"] },
              "rows": { "type": "integer" },
              "accepted": { "type": "integer" },
              "rejected": { "type": "integer" },
              "errors": { "type": "integer" },
              "warnings": { "type": "integer" },
              "notes": { "type": "array", "description": "What is neither an error nor a warning.",
                "items": { "type": "object", "required": ["code", "dictionaries", "message"],
                  "properties": {
                    "code": { "enum": ["no-code-table"], "description": "The institution has no table of its own for codes of the file, which were therefore not checked against it." },
                    "dictionaries": { "type": "array", "items": { "type": "string" }, "description": "The categories, as in the address to which a table is sent." },
                    "message": { "$ref": "#/components/schemas/Text" } } } }
            }
          },
          "Finding": {
            "type": "object",
            "required": ["file", "severity", "code", "message"],
            "properties": {
              "file": { "type": "string" },
              "program": { "type": "string" },
              "fileType": { "type": "string" },
              "row": { "type": "integer", "description": "As a spreadsheet shows it: the header is row 1." },
              "line": { "type": "integer", "description": "The physical line." },
              "column": { "type": "string", "description": "The column's letter." },
              "field": { "type": "string" },
              "title": { "$ref": "#/components/schemas/Text" },
              "severity": { "enum": ["error", "warning"] },
              "code": { "type": "string" },
              "rule": { "type": "string" },
              "value": { "type": "string", "description": "The cell, masked where it may identify a patient." },
              "expected": { "$ref": "#/components/schemas/Text" },
              "message": { "$ref": "#/components/schemas/Text" }
            }
          },
          "Cause": {
            "description": "A finding's members without row and line, and of how many findings it is the one cause.",
            "allOf": [ { "$ref": "#/components/schemas/Finding" }, {
              "type": "object", "required": ["count", "rows", "values", "cause"],
              "properties": {
                "count": { "type": "integer" },
                "rows": { "type": "array", "items": { "type": "integer" }, "description": "The first of them." },
                "values": { "type": "array", "description": "The different values, most frequent first; at most 100.",
                  "items": { "type": "object", "required": ["value", "count"],
                    "properties": { "value": { "type": "string" }, "count": { "type": "integer" } } } },
                "otherValues": { "type": "integer", "description": "How many findings have a value that is not listed." },
                "cause": { "type": "string", "description": "For ?cause=, which lists all of them." }
              } } ]
          },
          "Problem": {
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {
              "type": { "type": "string" },
              "title": { "type": "string" },
              "status": { "type": "integer" },
              "detail": { "type": "string" },
              "instance": { "type": "string" },
              "requestId": { "type": "string", "description": "Of a 500: what the log has it under. Every answer has it in X-Request-Id." },
              "zh": { "type": "object" },
              "en": { "type": "object" }
            }
          }
        }
      }
    }
    """#
