import Database

/// What submissions that were received before obligations were judged in the server came to.
enum EarlierDuties {
    /// When their uploads began is not written down, so a rule with grace takes them as they were received.
    static let migration = Migration(
        id: "timeliness-earlier",
        statements: [
            """
            INSERT INTO duty_receipt (submission, program, institution, received_at, begun_at, outcome, day, change)
            SELECT s.id, f.program, s.institution, s.received_at, NULL,
                CASE WHEN s.withdrawn_at IS NOT NULL THEN 'withdrawn'
                     WHEN sum(f.row_count) = 0 AND sum(f.errors) = 0 AND sum(f.rejected) = 0 THEN 'zero'
                     WHEN sum(f.accepted) = 0 THEN 'rejected'
                     WHEN sum(f.errors) = 0 AND sum(f.rejected) = 0 THEN 'accepted'
                     ELSE 'partly-accepted' END,
                NULL, 1
            FROM submission AS s JOIN submitted_file AS f ON f.submission = s.id
            WHERE f.program IS NOT NULL AND s.state IN ('accepted', 'partly-accepted', 'rejected')
            GROUP BY s.id, f.program, s.institution, s.received_at, s.withdrawn_at
            """
        ])
}
