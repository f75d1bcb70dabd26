package qrate.lists;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Body;
import qrate.core.RealDisk;
import qrate.core.Slice;
import qrate.message.Header;
import qrate.message.MessageText;
import qrate.message.Wanted;

/// What whoever administers a list sees of it, a page at a time. It changes nothing and waits for nobody: files are
/// replaced whole, so that each is read as it was before a change or after it.
public final class ListLook {
    /// Messages of the archive that one look for a subject reads; the next goes on behind them.
    public static final int SEARCHED_MAX = 1_000;

    private static final Pattern ID = Pattern.compile("([0-9]{1,12})-[0-9a-f]{1,16}");
    private static final String PENDING = "mod/pending/";

    private final Path home;
    private final ListFolder folder;

    private ListLook(Path folder) {
        this.home = folder;
        this.folder = new ListFolder(new RealDisk(folder));
    }

    /// A list of a domain of the directory; empty where there is none that is whole.
    ///
    /// @param address below a domain that is no alias domain
    public static Optional<ListLook> at(Path maildirs, String address) {
        return Make.isMade(maildirs, address)
                ? MailingList.folder(maildirs, address).map(ListLook::new)
                : Optional.empty();
    }

    /// What is set for it.
    public ListSettings settings() throws IOException {
        return ListSettings.read(home);
    }

    /// How many posts it has had.
    public long posts() throws IOException {
        return folder.number("num");
    }

    // --- people ------------------------------------------------------------------------------------------------------

    /// Whose mail came back.
    ///
    /// @param since the first time
    /// @param posts how many posts, as far as they are counted
    /// @param warned whether a warning about it came back, too
    public record Bounced(Instant since, int posts, boolean warned) {}

    /// Somebody in one of a list's sets.
    ///
    /// @param bounced of subscribers only
    public record Person(String address, Optional<Bounced> bounced) {}

    /// A part of one of a list's sets, by address. All of it is read, one of its 53 files after another; no more is
    /// held.
    public Slice.Part<Person> people(ListSet set, Slice slice) throws IOException {
        Slice.Part<String> part = new Subscribers(folder, set.base()).part(slice);
        List<Person> rows = new ArrayList<>();
        for (String address : part.rows()) {
            rows.add(new Person(address, set == ListSet.SUBSCRIBERS ? bounced(address) : Optional.empty()));
        }
        return new Slice.Part<>(rows, part.earlier(), part.later(), part.all());
    }

    /// How many there are in one of a list's sets.
    public long count(ListSet set) throws IOException {
        return new Subscribers(folder, set.base()).part(Slice.first(1)).all();
    }

    /// Those of some addresses that are in one of a list's sets.
    ///
    /// @param addresses as {@link Lists#address} spells them
    public Set<String> among(ListSet set, Collection<String> addresses) throws IOException {
        return new Subscribers(folder, set.base()).among(addresses);
    }

    private Optional<Bounced> bounced(String address) throws IOException {
        String key = Bounces.key(address);
        boolean warned = folder.has("bounce/w/" + key);
        String file = (folder.has("bounce/d/" + key) || !warned ? "bounce/d/" : "bounce/w/") + key;
        List<String> lines = folder.text(file).orElse("").lines().limit(3).toList();
        if (lines.size() < 3 || !lines.getFirst().matches("[0-9]{1,12}")) {
            return Optional.empty();
        }
        int posts = lines.get(2).isBlank() ? 0 : lines.get(2).strip().split(" ", -1).length;
        return Optional.of(new Bounced(Instant.ofEpochSecond(Long.parseLong(lines.getFirst())), posts, warned));
    }

    // --- posts that wait for a moderator -----------------------------------------------------------------------------

    /// A post that waits.
    ///
    /// @param id by which a moderator speaks of it
    /// @param since when
    /// @param sender whom a bounce would go to
    /// @param about its header
    public record Waiting(String id, Instant since, String sender, long bytes, MessageText about) {}

    /// Posts that wait, the oldest first; {@link Moderation} lets no more than 200 wait.
    public List<Waiting> waiting() throws IOException {
        List<Waiting> all = new ArrayList<>();
        for (String id : folder.list("mod/pending")) {
            if (all.size() < Moderation.WAITING_MAX) {
                waiting(id).ifPresent(all::add);
            }
        }
        return all;
    }

    /// How many wait.
    public int waitingCount() throws IOException {
        return folder.list("mod/pending").size();
    }

    /// One that waits; empty where none of that name does any more.
    public Optional<Waiting> waiting(String id) throws IOException {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Body message = folder.body(PENDING + id);
            String path = Header.of(message, Wanted.some("return-path"))
                    .value("return-path")
                    .orElse("");
            return Optional.of(new Waiting(
                    id,
                    Instant.ofEpochSecond(Long.parseLong(matcher.group(1))),
                    Subscribers.address(path.replaceAll("[<>]", "")).orElse(""),
                    message.size(),
                    MessageText.header(message)));
        } catch (NoSuchFileException _) {
            return Optional.empty(); // somebody decided meanwhile
        }
    }

    /// What a post says that waits.
    public Optional<MessageText> waitingText(String id) throws IOException {
        return ID.matcher(id).matches() ? reading(PENDING + id) : Optional.empty();
    }

    private Optional<MessageText> reading(String file) throws IOException {
        try {
            return Optional.of(MessageText.of(folder.body(file)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    // --- the archive -------------------------------------------------------------------------------------------------

    /// A post in the archive.
    public record Archived(long number, long bytes, MessageText about) {}

    /// Some of the archive, the newest first.
    ///
    /// @param next number before which the next look begins; 0 for none
    public record ArchivePart(List<Archived> posts, long next) {
        /// Keeps a copy.
        public ArchivePart {
            posts = List.copyOf(posts);
        }
    }

    /// Posts in the archive before a number, those whose subject or author hold a text; it may find fewer than there
    /// are, where it has looked at {@link #SEARCHED_MAX}.
    ///
    /// @param before a number, or 0 for the newest
    public ArchivePart archive(long before, String query, int most) throws IOException {
        long newest = folder.number("num");
        long number = before > 0 ? Math.min(before - 1, newest) : newest;
        String wanted = query.toLowerCase(Locale.ROOT);
        List<Archived> found = new ArrayList<>();
        for (int looked = 0; number > 0 && looked < SEARCHED_MAX && found.size() < most; looked++, number--) {
            Optional<Archived> one = archived(number);
            if (one.isPresent() && holds(one.get().about, wanted)) {
                found.add(one.get());
            }
        }
        return new ArchivePart(found, number > 0 ? number + 1 : 0);
    }

    private static boolean holds(MessageText about, String wanted) {
        return wanted.isEmpty()
                || about.subject().toLowerCase(Locale.ROOT).contains(wanted)
                || about.from().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private Optional<Archived> archived(long number) throws IOException {
        try {
            Body message = folder.body(Archive.file(number));
            return Optional.of(new Archived(number, message.size(), MessageText.header(message)));
        } catch (NoSuchFileException _) {
            return Optional.empty(); // the list was not archived then, or its owner took it away
        }
    }

    /// What a post in the archive says.
    public Optional<MessageText> archivedText(long number) throws IOException {
        return number > 0 ? reading(Archive.file(number)) : Optional.empty();
    }

    // --- moderators --------------------------------------------------------------------------------------------------

    /// The list and its key, for {@link Decisions}.
    MailingList list() throws IOException {
        return MailingList.open(folder);
    }
}
