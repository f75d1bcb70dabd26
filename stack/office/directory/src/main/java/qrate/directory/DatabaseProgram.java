package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.State;

/// db(8): where the directory is kept, and its way to another kind of database.
public record DatabaseProgram() implements Program {
    private static final String URL = "QRATE_DB_URL";
    private static final String USAGE = "db: usage: db [--json] | db move postgresql|hsqldb [--json]";
    private static final Getopt KNOWN = Getopt.anywhere("", "json");

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            stdio.err().println(USAGE);
            return Launcher.USAGE;
        }
        List<String> words = given.operands();
        boolean moves = words.size() == 2
                && words.getFirst().equals("move")
                && List.of(DatabaseKind.POSTGRESQL, DatabaseKind.HSQLDB).contains(words.get(1));
        if (!moves && !words.isEmpty()) {
            stdio.err().println(USAGE);
            return Launcher.USAGE;
        }
        State state = State.of(stdio.environment());
        if (words.isEmpty()) {
            String kind = DatabaseKind.of(state, Settings.of(stdio.environment(), state))
                    .before()
                    .orElse("none yet");
            if (given.has("json")) {
                JsonWriter.print(Map.of("kind", kind), stdio.out());
            } else {
                stdio.out().println("The directory is kept in " + kind + ".");
            }
            return 0;
        }
        move(state, words.get(1), given.has("json"), stdio);
        return 0;
    }

    private static void move(State state, String kind, boolean json, Stdio stdio) throws IOException {
        Settings server = Settings.of(stdio.environment(), state);
        if (server.embedded()) {
            throw new IOException(URL + ": names no PostgreSQL: jdbc:postgresql://HOST/NAME");
        }
        Map<String, String> without = new HashMap<>(stdio.environment());
        without.keySet().removeAll(List.of(URL, "QRATE_DB_USER", "QRATE_DB_PASSWORD_FILE"));
        Settings embedded = Settings.of(without, state);
        refuseWhileServed(state, stdio.environment());
        boolean there = kind.equals(DatabaseKind.POSTGRESQL);
        DirectoryMove move = new DirectoryMove(state, there ? embedded : server, there ? server : embedded);
        List<Tables.Content> tables = move.run().tables();
        if (json) {
            JsonWriter.print(
                    Map.of(
                            "kind",
                            kind,
                            "tables",
                            tables.stream()
                                    .map(one -> Map.of(
                                            "table", one.table(), "rows", one.rows(), "checksum", one.checksum()))
                                    .toList()),
                    stdio.out());
            return;
        }
        tables.forEach(
                one -> stdio.out().printf("%-16s %9d rows, checksum %s%n", one.table(), one.rows(), one.checksum()));
        stdio.out()
                .println(
                        tables.isEmpty() ? "The directory is in " + kind + " already." : "All is in " + kind + " now.");
        stdio.out()
                .println(
                        there
                                ? "Keep " + URL + " set as it was for this command, and start Qrate."
                                : "Take " + URL + " out of the settings, and start Qrate.");
    }

    /// Whoever has the old database open would go on with it.
    private static void refuseWhileServed(State state, Map<String, String> environment) throws IOException {
        Path token = state.db().resolve(Opening.LOCAL_TOKEN);
        if (Files.exists(token)) {
            String url = environment.getOrDefault("QRATE_ADMIN_URL", Opening.ADMIN_URL);
            try (RemoteDirectory remote =
                    new RemoteDirectory(url, Files.readString(token).strip())) {
                if (remote.presence() != RemoteDirectory.Presence.AWAY) {
                    throw new IOException("the admin service runs at " + url + ": stop it first (./qrate down)");
                }
            }
        }
    }
}
