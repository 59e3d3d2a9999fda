/// Of the API's description the paths of accounts: those that security administrators keep, and those of an institution's colleagues.
let peoplePaths: StaticString = #"""
        "/api/v1/people": {
          "get": {
            "operationId": "people",
            "summary": "Accounts by name; for security administrators. 账号列表",
            "description": "Hospitals' accounts are listed where `q` or `role=institution` asks for them.",
            "parameters": [
              { "name": "q", "in": "query", "schema": { "type": "string", "maxLength": 64, "pattern": "^[^\\x00-\\x1f]+$" }, "description": "A text in the name, or in the name that pages show." },
              { "name": "role", "in": "query", "schema": { "$ref": "#/components/schemas/Role" } },
              { "name": "state", "in": "query", "schema": { "type": "string", "enum": ["enabled", "disabled"] } },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200, "default": 50 } },
              { "name": "after", "in": "query", "schema": { "type": "string", "pattern": "^[0-9A-Za-z._@-]{1,64}$" }, "description": "`next` of the page before." }
            ],
            "responses": {
              "200": { "description": "One page.", "headers": { "Link": { "$ref": "#/components/headers/Link" } },
                "content": { "application/json": { "schema": {
                  "type": "object", "required": ["items", "total", "next"],
                  "properties": { "total": { "type": "integer" }, "next": { "type": ["string", "null"] },
                    "items": { "type": "array", "items": {
                      "type": "object", "required": ["name", "displayName", "role", "rights", "region", "institution", "isDisabled", "hasSecondFactor", "lastSignInAt"],
                      "properties": {
                        "name": { "type": "string" }, "displayName": { "type": "string", "pattern": "^[^\\x00]*$" }, "role": { "$ref": "#/components/schemas/Role" },
                        "rights": { "type": ["string", "null"], "enum": ["manager", "send", "read", null], "description": "Of a hospital's account." },
                        "region": { "type": ["string", "null"] }, "institution": { "type": ["string", "null"] },
                        "isDisabled": { "type": "boolean" }, "hasSecondFactor": { "type": "boolean" },
                        "lastSignInAt": { "type": ["string", "null"], "format": "date-time" } } } } } } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/people/requests": {
          "get": {
            "operationId": "accountRequests",
            "summary": "What was asked for accounts, and who has decided. 账号权限申请",
            "responses": {
              "200": { "description": "Open ones first, then those that were decided, the latest first.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["items", "total"],
                "properties": { "total": { "type": "integer" },
                  "items": { "type": "array", "items": {
                    "type": "object", "required": ["id", "kind", "account", "displayName", "role", "region", "state", "askedBy", "askedAt", "decidedBy", "decidedAt"],
                    "properties": {
                      "id": { "type": "string" }, "kind": { "$ref": "#/components/schemas/AccountRequestKind" }, "account": { "type": "string" },
                      "displayName": { "type": "string", "pattern": "^[^\\x00]*$" }, "role": { "$ref": "#/components/schemas/Role" }, "region": { "type": ["string", "null"] },
                      "state": { "type": "string", "enum": ["open", "confirmed", "rejected", "lapsed"] },
                      "askedBy": { "type": "string" }, "askedAt": { "type": "string", "format": "date-time" },
                      "decidedBy": { "type": ["string", "null"] }, "decidedAt": { "type": ["string", "null"], "format": "date-time" } } } } } } } } }
            }
          },
          "post": {
            "operationId": "askForAccount",
            "summary": "Ask for a new account, other rights, or a disabled account again. 申请账号或权限",
            "description": "What widens rights waits for another security administrator (202); a smaller region is done at once (200).",
            "parameters": [ { "$ref": "#/components/parameters/FormToken" } ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
              "type": "object", "required": ["kind", "account"], "additionalProperties": false,
              "properties": {
                "kind": { "$ref": "#/components/schemas/AccountRequestKind" },
                "account": { "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[^\\x00]+$" },
                "displayName": { "type": "string", "pattern": "^[^\\x00]*$" }, "role": { "$ref": "#/components/schemas/Role" }, "region": { "type": "string", "pattern": "^[^\\x00]*$" },
                "phone": { "type": "string", "pattern": "^[^\\x00]*$" }, "mail": { "type": "string", "pattern": "^[^\\x00]*$" },
                "certificate": { "type": "string", "pattern": "^[^\\x00]*$", "description": "In PEM: an SM2 certificate, authorities behind it." } } } } } },
            "responses": {
              "200": { "$ref": "#/components/responses/AccountDone" },
              "202": { "$ref": "#/components/responses/AccountDone" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/people/requests/{id}/confirm": {
          "post": {
            "operationId": "confirmAccountRequest",
            "summary": "Confirm what another has asked for. 确认",
            "parameters": [ { "$ref": "#/components/parameters/id" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": {
              "200": { "$ref": "#/components/responses/AccountDone" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/people/requests/{id}/reject": {
          "post": {
            "operationId": "rejectAccountRequest",
            "summary": "Turn down what was asked for, or take back the own request. 不同意",
            "parameters": [ { "$ref": "#/components/parameters/id" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": {
              "200": { "$ref": "#/components/responses/AccountDone" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/people/{name}/disable": {
          "post": {
            "operationId": "disableAccount",
            "summary": "End what an account may do, at once. 停用",
            "parameters": [ { "$ref": "#/components/parameters/account" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": {
              "200": { "$ref": "#/components/responses/AccountDone" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/people/{name}/reset-factor": {
          "post": {
            "operationId": "resetFactor",
            "summary": "Take a lost second factor away; never the own one. 重置第二因素",
            "parameters": [ { "$ref": "#/components/parameters/account" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": {
              "200": { "$ref": "#/components/responses/AccountDone" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/colleagues": {
          "get": {
            "operationId": "colleagues",
            "summary": "The accounts of the institution's colleagues; for its data manager. 同事账号",
            "responses": {
              "200": { "description": "By name.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["items", "total"],
                "properties": { "total": { "type": "integer" },
                  "items": { "type": "array", "items": {
                    "type": "object", "required": ["name", "displayName", "rights", "isDisabled", "lastSignInAt"],
                    "properties": {
                      "name": { "type": "string" }, "displayName": { "type": "string", "pattern": "^[^\\x00]*$" },
                      "rights": { "$ref": "#/components/schemas/ColleagueRights" }, "isDisabled": { "type": "boolean" },
                      "lastSignInAt": { "type": ["string", "null"], "format": "date-time" } } } } } } } } }
            }
          },
          "post": {
            "operationId": "inviteColleague",
            "summary": "Make a colleague's account. 邀请同事",
            "parameters": [ { "$ref": "#/components/parameters/FormToken" } ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
              "type": "object", "required": ["ending", "rights"], "additionalProperties": false,
              "properties": {
                "ending": { "type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[^\\x00]+$", "description": "What follows the institution's code and a hyphen in the account's name." },
                "displayName": { "type": "string", "pattern": "^[^\\x00]*$" }, "rights": { "$ref": "#/components/schemas/ColleagueRights" },
                "phone": { "type": "string", "pattern": "^[^\\x00]*$" }, "mail": { "type": "string", "pattern": "^[^\\x00]*$" } } } } } },
            "responses": {
              "201": { "$ref": "#/components/responses/AccountLink" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/colleagues/{name}": {
          "delete": {
            "operationId": "removeColleague",
            "summary": "Remove a colleague's account, for good. 移除同事",
            "parameters": [ { "$ref": "#/components/parameters/account" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": { "204": { "description": "It ends at once." }, "422": { "$ref": "#/components/responses/Unprocessable" } }
          }
        },
        "/api/v1/colleagues/{name}/rights": {
          "post": {
            "operationId": "setColleagueRights",
            "summary": "Give a colleague other rights. 更改同事权限",
            "parameters": [ { "$ref": "#/components/parameters/account" }, { "$ref": "#/components/parameters/FormToken" } ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
              "type": "object", "required": ["rights"], "additionalProperties": false,
              "properties": { "rights": { "$ref": "#/components/schemas/ColleagueRights" } } } } } },
            "responses": { "204": { "description": "Done." }, "422": { "$ref": "#/components/responses/Unprocessable" } }
          }
        },
        "/api/v1/colleagues/{name}/link": {
          "post": {
            "operationId": "renewColleagueLink",
            "summary": "Another link that sets a colleague's password once. 新的设置密码链接",
            "parameters": [ { "$ref": "#/components/parameters/account" }, { "$ref": "#/components/parameters/FormToken" } ],
            "responses": {
              "201": { "$ref": "#/components/responses/AccountLink" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
    """#
