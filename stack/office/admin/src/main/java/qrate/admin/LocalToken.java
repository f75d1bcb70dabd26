package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import qrate.core.DurableFile;
import qrate.core.State;
import qrate.directory.Opening;
import qrate.directory.Password;

/// A token for commands on the same machine, which have no other way to a database that this service has open. Whoever
/// can read `db/` could read the database itself.
final class LocalToken implements AutoCloseable {
    private static final int CHARS = 40;

    private final Path file;
    private final byte[] token;

    LocalToken(State state) throws IOException {
        this.file = state.db().resolve(Opening.LOCAL_TOKEN);
        this.token = Password.random(new SecureRandom(), CHARS).text().getBytes(UTF_8);
        DurableFile.write(file, token, "rw-------");
    }

    boolean is(String text) {
        return MessageDigest.isEqual(token, text.getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
