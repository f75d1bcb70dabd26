package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import qrate.checkpassword.HashRule;
import qrate.core.State;

/// Where the database is and how it is kept.
///
/// @param url JDBC URL
/// @param user its user
/// @param password its password
/// @param bcryptCost cost of new password hashes, as a power of two of rounds
/// @param uid user that owns every mailbox, for `users/assign`
/// @param gid its group
public record Settings(String url, String user, String password, int bcryptCost, int uid, int gid) {
    /// How a URL of the embedded database begins.
    static final String HSQLDB = "jdbc:hsqldb:";

    /// Cost of a new hash where `QRATE_BCRYPT_COST` says nothing.
    public static final int BCRYPT_COST = 10;

    /// User and group of vpopmail in the images.
    public static final int VPOPMAIL = 7789;

    /// From the environment: `QRATE_DB_URL`, `QRATE_DB_USER`, `QRATE_DB_PASSWORD_FILE`, `QRATE_BCRYPT_COST`; HSQLDB
    /// below `db/` without them.
    ///
    /// @throws IOException when a value is wrong or the password's file cannot be read
    public static Settings of(Map<String, String> environment, State state) throws IOException {
        String url = environment.getOrDefault("QRATE_DB_URL", hsqldb(state.db()));
        String user = environment.getOrDefault("QRATE_DB_USER", url.startsWith(HSQLDB) ? "SA" : "qrate");
        String file = environment.getOrDefault("QRATE_DB_PASSWORD_FILE", "");
        String password = file.isEmpty() ? "" : Files.readString(Path.of(file)).strip();
        int cost;
        try {
            cost = Integer.parseInt(environment.getOrDefault("QRATE_BCRYPT_COST", Integer.toString(BCRYPT_COST)));
        } catch (NumberFormatException e) {
            throw new IOException("QRATE_BCRYPT_COST: not a number", e);
        }
        if (cost < HashRule.BCRYPT_COST_MIN || cost > HashRule.BCRYPT_COST_CHECKED_MAX) {
            throw new IOException("QRATE_BCRYPT_COST: must be " + HashRule.BCRYPT_COST_MIN + " to "
                    + HashRule.BCRYPT_COST_CHECKED_MAX + ", where each step doubles the time of every login");
        }
        return new Settings(url, user, password, cost, VPOPMAIL, VPOPMAIL);
    }

    /// Whether the database is the embedded one, which one process at a time has open.
    public boolean embedded() {
        return url.startsWith(HSQLDB);
    }

    private static String hsqldb(Path db) {
        return HSQLDB + "file:" + db.toAbsolutePath().resolve("vpopmail")
                + ";hsqldb.write_delay=false;hsqldb.tx=mvcc;hsqldb.applog=0";
    }

    @Override
    public String toString() {
        return "Settings[" + url + "]";
    }
}
