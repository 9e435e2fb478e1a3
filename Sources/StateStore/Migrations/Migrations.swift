import GRDB

/// The schema's history.
///
/// A migration that has shipped is never edited: a change is a new file here and a new line below.
///
/// A database that knows a migration which is not in this list is of a newer Troupe, and is refused.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 decisions", migrate: createDecisions)
        migrator.registerMigration("002 assignments", migrate: createAssignments)
        migrator.registerMigration("tokens", migrate: createTokens)
        migrator.registerMigration("audit", migrate: createAudit)
        migrator.registerMigration("003 workspace versions", migrate: createWorkspaceVersions)
        migrator.registerMigration("004 fleet memories", migrate: createFleetMemories)
        migrator.registerMigration("005 actions", migrate: createActions)
        migrator.registerMigration("006 overrides", migrate: createOverrides)
        migrator.registerMigration("007 decision log", migrate: linkDecisions)
        migrator.registerMigration("plugin grants", migrate: createGrants)
        return migrator
    }
}
