package qrate.webhooks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Repeating;

/// Looks again and again at what there is to tell.
public final class NoticeWatch implements AutoCloseable, NoticeSource {
    /// How often it looks.
    static final Duration EVERY = Duration.ofSeconds(10);

    /// Most notices at once; what is more is left out, the last kinds first.
    static final int NOTICES_MAX = 200;

    /// Who knows of one kind of thing.
    @FunctionalInterface
    public interface Source {
        /// A text for each thing, by what it is about.
        ///
        /// @throws IOException when that is not known now: what was known before still counts
        Map<Notice.About, String> look() throws IOException;
    }

    /// Who is given everything after each look.
    @FunctionalInterface
    public interface Taker {
        /// @throws IOException when it cannot be taken now
        void take(List<Notice> notices) throws IOException;
    }

    private final List<Source> sources;
    private final Taker taker;
    private final InstantSource clock;
    private final List<Map<Notice.About, String>> last = new ArrayList<>();
    private final Repeating loop;
    private volatile List<Notice> standing = List.of();

    private NoticeWatch(List<Source> sources, Taker taker, InstantSource clock) {
        this.sources = List.copyOf(sources);
        this.taker = taker;
        this.clock = clock;
        sources.forEach(_ -> last.add(Map.of()));
        this.loop = new Repeating("notices", EVERY, () -> {
            look();
            give();
        });
    }

    /// Looks when {@link #look} is called, and never by itself.
    static NoticeWatch still(List<Source> sources, InstantSource clock) {
        return new NoticeWatch(sources, _ -> {}, clock);
    }

    /// Begins.
    ///
    /// @param taker is given what each look has found
    public static NoticeWatch start(List<Source> sources, Taker taker, InstantSource clock) {
        NoticeWatch watch = new NoticeWatch(sources, taker, clock);
        watch.loop.start();
        return watch;
    }

    private void give() {
        try {
            taker.take(standing);
        } catch (IOException _) {
            // whoever waits for it says that nothing comes
        }
    }

    void look() {
        Map<Notice.About, Notice> before = new LinkedHashMap<>();
        standing.forEach(notice -> before.put(notice.about(), notice));
        Map<Notice.About, Notice> now = new LinkedHashMap<>();
        Instant moment = clock.instant();
        for (int i = 0; i < sources.size(); i++) {
            try {
                last.set(i, sources.get(i).look());
            } catch (IOException _) {
                // whoever does not answer is a problem of its own, which another source tells
            }
            last.get(i).forEach((about, text) -> {
                Notice known = before.get(about);
                now.putIfAbsent(about, new Notice(about, known == null ? moment : known.since(), text));
            });
        }
        standing = now.values().stream().limit(NOTICES_MAX).toList();
    }

    @Override
    public List<Notice> notices() {
        return standing;
    }

    @Override
    public void close() {
        loop.close();
    }
}
