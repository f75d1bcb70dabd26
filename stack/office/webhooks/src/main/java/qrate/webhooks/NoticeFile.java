package qrate.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hands notices from who knows them to who has a way out, by a file in memory that both have. So neither needs to
/// reach
/// the other.
///
/// @param file where it is; who writes it may write its folder
public record NoticeFile(Path file, InstantSource clock) implements NoticeSource {
    /// How old it may be before its writer's silence is a notice of its own.
    static final Duration SILENCE_MAX = Duration.ofMinutes(2);

    /// Largest that is read, in bytes.
    static final int FILE_BYTES_MAX = 1 << 20;

    private static final Notice.About WRITER = new Notice.About(Notice.Event.PROBLEM, "admin");

    /// Replaces what stands there.
    public void write(List<Notice> notices) throws IOException {
        StringBuilder lines = new StringBuilder();
        notices.forEach(notice -> lines.append(notice.line()).append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, lines, UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<Notice> notices() throws IOException {
        List<Notice> all = new ArrayList<>();
        Instant written;
        try (InputStream in = Files.newInputStream(file)) {
            written = Files.getLastModifiedTime(file).toInstant();
            new String(in.readNBytes(FILE_BYTES_MAX), UTF_8)
                    .lines()
                    .map(Notice::read)
                    .flatMap(Optional::stream)
                    .limit(NoticeWatch.NOTICES_MAX)
                    .forEach(all::add);
        } catch (NoSuchFileException _) {
            throw new IOException("admin has written nothing yet");
        }
        if (written.plus(SILENCE_MAX).isBefore(clock.instant())) {
            all.removeIf(notice -> notice.about().equals(WRITER));
            all.add(new Notice(WRITER, written, "has not been heard of since " + written));
        }
        return List.copyOf(all);
    }
}
