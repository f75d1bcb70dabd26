package qrate.migration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import qrate.core.DurableFile;
import qrate.maildir.FileNames;
import qrate.maildir.MaildirName;
import qrate.maildir.MaildirReader;

/// Takes over the messages of Maildirs, each once, under the name it has, so that its POP3 id stays.
///
/// As local delivery does: the messages of a batch are made beside the Maildir and synced, then noted durably, then
/// renamed into place. A note and a message beside its place: it is renamed. A note and none: it was there, and whoever
/// deleted it since meant it. No note: it is made anew.
final class MaildirPart {
    /// Most messages made before they are noted and placed.
    static final int BATCH_MESSAGES = 500;

    /// Most folders of one Maildir.
    static final int FOLDERS_MAX = 10_000;

    private static final int SYNCERS = 4;
    private static final String STAGING = ".import";

    private final Take take;
    private boolean saidCopies;

    MaildirPart(Take take) {
        this.take = take;
    }

    /// Whose mail it is.
    record Box(String domain, String local) {}

    /// What was taken.
    record Count(int boxes, long messages, long bytes) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count more) {
            return new Count(boxes + more.boxes, messages + more.messages, bytes + more.bytes);
        }
    }

    /// The old Maildir cannot be read.
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreadable(String why, IOException cause) {
            super(why, cause);
        }
    }

    /// One message on its way.
    ///
    /// @param place its file below the new Maildir
    private record Letter(Path from, Path place, String unique, long hash, long bytes) {}

    /// One Maildir or folder of one.
    ///
    /// @param name of the folder below the Maildir; empty for the Maildir itself
    private record Folder(String name, Path from, Path to, Path staging, Taken taken, Set<String> here) {}

    /// Takes what is new of one Maildir.
    Count take(Box box, Path maildir) throws IOException {
        Path home =
                take.state().maildirs().resolve("domains").resolve(box.domain).resolve(box.local);
        Path note =
                take.state().db().resolve("import/maildirs").resolve(box.domain).resolve(box.local);
        Path staging = home.resolve(STAGING);
        Count count = Count.NONE;
        try (Taken taken = take.dry() ? Taken.reading(note) : Taken.writing(note, take.target())) {
            for (String name : folders(maildir)) {
                Path from = name.isEmpty() ? maildir : maildir.resolve(FileNames.path(name));
                Path to = name.isEmpty()
                        ? home.resolve("Maildir")
                        : home.resolve("Maildir").resolve(FileNames.path(name));
                Set<String> here = MaildirReader.list(to).stream()
                        .map(MaildirReader.Entry::unique)
                        .collect(Collectors.toSet());
                count = count.plus(folder(new Folder(name, from, to, staging, taken, here)));
            }
        }
        if (!take.dry()) {
            clean(staging);
            if (count.messages > 0) {
                // whoever delivers next counts anew (Maildir++)
                take.target().delete(home.resolve("Maildir/maildirsize"));
            }
        }
        return count.messages == 0 ? Count.NONE : new Count(1, count.messages, count.bytes);
    }

    /// The Maildir itself, and its Maildir++ folders.
    private static List<String> folders(Path maildir) throws IOException {
        List<String> names = new ArrayList<>(List.of(""));
        try {
            for (Path path : Source.list(maildir)) {
                String name = FileNames.of(path);
                boolean folder = name.startsWith(".") && Source.isFolder(path) && Source.isFolder(path.resolve("cur"));
                if (folder && names.size() < FOLDERS_MAX) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            throw new Unreadable("Maildir: " + Source.why(e), e);
        }
        return names;
    }

    private Count folder(Folder folder) throws IOException {
        List<Letter> batch = new ArrayList<>();
        Set<Long> listed = new HashSet<>();
        Count count = Count.NONE;
        for (String part : List.of("new", "cur")) {
            Path from = folder.from.resolve(part);
            if (!Source.isFolder(from)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
                for (Path file : files) {
                    Letter letter = letter(folder, part, file);
                    if (letter.hash != 0 && listed.add(letter.hash) && fresh(folder, letter)) {
                        batch.add(letter);
                    }
                    if (batch.size() >= BATCH_MESSAGES) {
                        count = count.plus(place(folder, batch));
                        batch.clear();
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw new Unreadable("Maildir: " + Source.why(e.getCause()), e.getCause());
            } catch (FileSystemException e) {
                if (from.toString().equals(e.getFile())) {
                    throw new Unreadable("Maildir: " + Source.why(e), e);
                }
                throw e;
            }
        }
        return count.plus(place(folder, batch));
    }

    /// A file as a message; hash 0 for what is none.
    private Letter letter(Folder folder, String part, Path file) throws IOException {
        String name = FileNames.of(file);
        Letter none = new Letter(file, file, "", 0, 0);
        if (name.startsWith(".")) {
            return none;
        }
        BasicFileAttributes found;
        try {
            found = Source.attributes(file);
        } catch (NoSuchFileException _) {
            return none; // moved on while we looked: the next run finds it
        } catch (IOException e) {
            throw new Unreadable("Maildir: " + Source.why(e), e);
        }
        if (!found.isRegularFile()) {
            take.report().leftOut(file.toString(), "no regular file");
            return none;
        }
        String unique = MaildirName.unique(name);
        long hash = Taken.hash(spelled(folder.name + "/" + unique));
        return new Letter(file, Path.of(part).resolve(FileNames.path(name)), unique, hash, found.size());
    }

    /// Names as 0.1.0 noted them, where it could be read; those that it took for one are told apart.
    private static String spelled(String name) {
        String utf8 = new String(name.getBytes(ISO_8859_1), UTF_8);
        return utf8.indexOf('\uFFFD') < 0 ? utf8 : name;
    }

    /// Whether a message must still be made; one that a run before made and noted gets its place here.
    private boolean fresh(Folder folder, Letter letter) throws IOException {
        if (folder.taken.has(letter.hash)) {
            Path staged = staged(folder, letter);
            if (!take.dry() && Files.exists(staged)) {
                make(folder);
                take.target().rename(staged, folder.to.resolve(letter.place));
            }
            return false;
        }
        if (folder.here.contains(letter.unique)) {
            folder.taken.add(Set.of(letter.hash));
            return false;
        }
        return true;
    }

    private static Path staged(Folder folder, Letter letter) {
        return folder.staging.resolve(String.format("%016x", letter.hash));
    }

    private Count place(Folder folder, List<Letter> batch) throws IOException {
        long bytes = 0;
        List<Letter> made = new ArrayList<>();
        if (!take.dry() && !batch.isEmpty()) {
            make(folder);
            take.target().folder(folder.staging);
        }
        for (Letter letter : batch) {
            if (take.dry() || make(letter, staged(folder, letter))) {
                made.add(letter);
                bytes += letter.bytes;
            }
        }
        if (take.dry() || made.isEmpty()) {
            return new Count(0, made.size(), bytes);
        }
        sync(made.stream().map(letter -> staged(folder, letter)).toList());
        DurableFile.syncFolder(folder.staging);
        folder.taken.add(made.stream().map(Letter::hash).collect(Collectors.toSet()));
        for (Letter letter : made) {
            take.target().rename(staged(folder, letter), folder.to.resolve(letter.place));
        }
        DurableFile.syncFolder(folder.to.resolve("new"));
        DurableFile.syncFolder(folder.to.resolve("cur"));
        return new Count(0, made.size(), bytes);
    }

    /// @return false when it is gone
    private boolean make(Letter letter, Path staged) throws IOException {
        try {
            if (take.options().link() && take.target().link(letter.from, staged)) {
                return true;
            }
            if (take.options().link() && !saidCopies) {
                saidCopies = true;
                take.report().note("messages are copied: links to another file system or owner cannot be");
            }
            take.target().copy(letter.from, staged);
            return true;
        } catch (NoSuchFileException e) {
            if (Source.exists(letter.from)) {
                throw e;
            }
            take.report().note(letter.from + ": moved while it was read: the next run takes it");
            return false;
        } catch (java.nio.file.AccessDeniedException e) {
            if (!letter.from.toString().equals(e.getFile())) {
                throw e;
            }
            take.report().leftOut(letter.from.toString(), "permission denied");
            return false;
        }
    }

    private void make(Folder folder) throws IOException {
        for (String part : List.of("cur", "new", "tmp")) {
            take.target().folder(folder.to.resolve(part));
        }
        Path mark = folder.to.resolve("maildirfolder");
        if (!folder.name.isEmpty() && !Files.exists(mark)) {
            take.target().file(mark, "".getBytes(UTF_8), "rw-r-----");
        }
    }

    private static void sync(List<Path> files) throws IOException {
        try (ExecutorService syncers = Executors.newFixedThreadPool(SYNCERS)) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (Path file : files) {
                all.add(syncers.submit(() -> {
                    Target.sync(file);
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Removes what a run before left whose message the old tree no longer has.
    private void clean(Path staging) throws IOException {
        if (Files.isDirectory(staging)) {
            for (Path left : Source.list(staging)) {
                take.target().delete(left);
            }
            take.target().delete(staging);
        }
    }
}
