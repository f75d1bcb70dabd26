package qrate.status;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Figure;
import qrate.core.FiguresFile;

/// A process of the system and what it says of itself.
///
/// @param name `smtpd`; `qrate` where one process is everything
/// @param samples nothing when it has not been heard of lately
public record ServiceStatus(String name, List<Figure.Sample> samples) {
    /// The file of a service in its folder.
    public static final String FILE = "figures";

    /// The one process that is everything.
    public static final String WHOLE = "qrate";

    /// Most services that are looked for.
    static final int SERVICES_MAX = 20;

    public ServiceStatus {
        Map<String, Figure.Sample> first = new LinkedHashMap<>(); // what stands there twice would spoil the whole text
        samples.forEach(sample -> first.putIfAbsent(sample.figure() + " " + sample.labels(), sample));
        samples = List.copyOf(first.values());
    }

    /// Whether it has been heard of lately.
    public boolean up() {
        return !samples.isEmpty();
    }

    Optional<Long> value(Figure figure, String... labels) {
        return samples.stream()
                .filter(sample -> sample.figure() == figure && sample.labels().equals(List.of(labels)))
                .map(Figure.Sample::value)
                .findFirst();
    }

    /// The services that leave their figures in a folder, each in a folder of its own there. It is that folder's name
    /// that counts: one service cannot speak for another.
    public static List<ServiceStatus> in(Path folder, Instant now) {
        List<ServiceStatus> all = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
            for (Path one : folders) {
                String name = one.getFileName().toString();
                if (all.size() < SERVICES_MAX
                        && name.matches("[a-z0-9-]{1,20}")
                        && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
                    all.add(new ServiceStatus(name, read(one.resolve(FILE), now)));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // a folder that cannot be listed: whom nobody hears of is missing from the answer, and that is watched
            return List.of();
        }
        all.sort(Comparator.comparing(ServiceStatus::name));
        return all;
    }

    private static List<Figure.Sample> read(Path file, Instant now) {
        try {
            return FiguresFile.read(file, now);
        } catch (IOException _) {
            return List.of(); // it counts as silent
        }
    }
}
