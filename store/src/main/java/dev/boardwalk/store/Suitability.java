package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Whether a server has what Boardwalk needs: version, extensions, rights. All that is lacking is said at once. */
final class Suitability {
    /** uuidv7() and the AGE of the same distribution release; see docs/operating.md. */
    private static final int VERSION_MIN = 18;

    /** Older ones lose writes to read-only roles and use no index on relationships. */
    private static final String AGE_VERSION_MIN = "1.8";

    private record Extension(String name, String versionMin, String howToGet) {}

    private static final List<Extension> EXTENSIONS = List.of(
            new Extension("age", AGE_VERSION_MIN, "install Apache AGE for this server (Debian: postgresql-18-age)"),
            new Extension("vector", "0.8", "install pgvector for this server (Debian: postgresql-18-pgvector)"),
            new Extension("pg_trgm", "1.6", "install PostgreSQL's contrib modules"));

    private static final String EXTENSION = """
            select coalesce(e.extversion, a.default_version) as version, e.extversion is not null as installed,
                   r.rolsuper or coalesce((
                       select v.trusted and has_database_privilege(current_database(), 'CREATE')
                       from pg_available_extension_versions v
                       where v.name = a.name and v.version = a.default_version), false) as installable
            from pg_available_extensions a
            left join pg_extension e on e.extname = a.name
            join pg_roles r on r.rolname = current_user
            where a.name = ?
            """;

    private static final String RIGHTS = """
            select has_database_privilege(current_database(), 'CREATE') as make_schemas,
                   has_schema_privilege('public', 'CREATE') as make_tables,
                   has_function_privilege('pg_control_system()', 'EXECUTE') as read_identifier,
                   pg_is_in_recovery() as standby,
                   coalesce(has_schema_privilege(to_regnamespace('ag_catalog'), 'USAGE WITH GRANT OPTION'), true) as pass_on_age,
                   coalesce(
                       (select pg_has_role(r.oid, 'SET') from pg_roles r where r.rolname = 'boardwalk_reader'),
                       (select r.rolsuper or r.rolcreaterole from pg_roles r where r.rolname = current_user)) as read_as,
                   current_setting('transaction_read_only')::boolean as read_only,
                   current_setting('server_encoding') as encoding,
                   current_database() as database, current_user as who
            """;

    private static final String OTHER_TABLES = """
            select string_agg(c.relname, ', ') as names from (
                select c.relname from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                  and to_regclass('public.flyway_schema_history') is null
                  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
                order by c.relname limit 3) c
            """;

    private Suitability() {}

    /** Fails with {@link StoreException.Unsuitable} (or {@link StoreException.ReadOnly}) whose message says all. */
    static void check(Connection connection, String server) throws SQLException {
        List<String> lacks = new ArrayList<>();
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < VERSION_MIN) {
            lacks.add("it is PostgreSQL " + version + ", Boardwalk needs " + VERSION_MIN + " or newer");
        }
        checkRights(connection, server, lacks);
        for (Extension extension : EXTENSIONS) {
            checkExtension(connection, extension, lacks);
        }
        if (!lacks.isEmpty()) {
            throw new StoreException.Unsuitable(
                    "the database " + server + " does not suit: " + String.join("; ", lacks), null);
        }
    }

    private static void checkRights(Connection connection, String server, List<String> lacks) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(RIGHTS)) {
                row.next();
                if (row.getBoolean("standby") || row.getBoolean("read_only")) {
                    throw new StoreException.ReadOnly(
                            "the database " + server + " accepts no writes: "
                                    + (row.getBoolean("standby") ? "it is a standby" : "it is set to read-only"),
                            null);
                }
                String who = row.getString("who");
                String database = row.getString("database");
                if (!row.getBoolean("make_schemas")) {
                    lacks.add(
                            "the user " + who + " may not create schemas (grant create on database " + database + ")");
                }
                if (!row.getBoolean("make_tables")) {
                    lacks.add("the user " + who + " may not create tables (grant create on schema public)");
                }
                if (!row.getBoolean("read_identifier")) {
                    lacks.add("the user " + who + " may not call pg_control_system()");
                }
                if (!row.getBoolean("pass_on_age")) {
                    lacks.add("the user " + who
                            + " may not let others use Apache AGE (grant usage on schema ag_catalog to "
                            + who + " with grant option; grant select on all tables in schema ag_catalog to " + who
                            + " with grant option)");
                }
                if (!row.getBoolean("read_as")) {
                    lacks.add("the user " + who + " cannot act as the role that answers queries"
                            + " (create role boardwalk_reader nologin, if it is missing; grant boardwalk_reader to "
                            + who
                            + ")");
                }
                if (!"UTF8".equals(row.getString("encoding"))) {
                    lacks.add("its encoding is " + row.getString("encoding") + ", not UTF8");
                }
            }
            try (ResultSet row = statement.executeQuery(OTHER_TABLES)) {
                row.next();
                String names = row.getString("names");
                if (names != null) {
                    lacks.add("its schema public holds tables of something else (" + names
                            + "): give Boardwalk a database of its own");
                }
            }
        }
    }

    private static void checkExtension(Connection connection, Extension wanted, List<String> lacks)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(EXTENSION)) {
            query.setString(1, wanted.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    lacks.add("the extension " + wanted.name() + " is not there: " + wanted.howToGet());
                } else if (older(row.getString("version"), wanted.versionMin())) {
                    lacks.add("the extension " + wanted.name() + " is version " + row.getString("version") + ", "
                            + wanted.versionMin() + " or newer is needed: " + wanted.howToGet());
                } else if (!row.getBoolean("installed") && !row.getBoolean("installable")) {
                    lacks.add("the extension " + wanted.name() + " has to be made by a superuser: create extension "
                            + wanted.name());
                }
            }
        }
    }

    /** Compares dotted numbers; what is no number ends the comparison. */
    static boolean older(String version, String least) {
        String[] have = version.split("\\.");
        String[] need = least.split("\\.");
        for (int at = 0; at < need.length; at++) {
            int mine = at < have.length ? number(have[at]) : 0;
            int wanted = number(need[at]);
            if (mine != wanted) {
                return mine < wanted;
            }
        }
        return false;
    }

    private static int number(String text) {
        String digits = text.replaceFirst("\\D.*", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
