package qrate.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.cdb.CdbWriter;

class PublishedTest {
    @TempDir
    Path users;

    private void put(String key, String value) throws IOException {
        new CdbWriter()
                .put(key.getBytes(UTF_8), value.getBytes(UTF_8))
                .write(users.resolve(Published.FILE), "rw-r-----");
    }

    @Test
    void whatANewerReleaseSaysOfARoomIsPassedOver() throws IOException {
        put("qh/ann", "5 7 later=1");
        assertEquals(Optional.of(new Rooms.Room(5, 7)), new Published(users, InstantSource.system()).left("h/ann"));
        put("qh/ann", "5 7later");
        assertEquals(Optional.empty(), new Published(users, InstantSource.system()).left("h/ann"));
    }
}
