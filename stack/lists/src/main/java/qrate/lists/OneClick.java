package qrate.lists;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;

/// Takes a subscriber off a list by the link in `List-Unsubscribe` (RFC 8058); for whoever has an HTTP server.
public final class OneClick {
    /// What the code of a link is made of, with the address behind it.
    static final String WHAT = "oneclick|";

    private final Lists lists;
    private final Path maildirs;

    /// @param maildirs below which `domains/HOST/LOCAL` is the list `LOCAL@HOST`
    public OneClick(Lists lists, Path maildirs) {
        this.lists = lists;
        this.maildirs = maildirs;
    }

    /// Whether a link is one of ours, for the page that GET shows; nothing is changed.
    public boolean known(Map<String, String> query) throws IOException {
        return find(query).isPresent();
    }

    /// POST of a link with the form `List-Unsubscribe=One-Click`.
    ///
    /// @param fields the link's query and the form's fields together
    /// @return whether the address is off the list now; a second time too
    public boolean unsubscribe(Map<String, String> fields) throws IOException {
        Optional<Path> folder = find(fields);
        if (folder.isEmpty() || !fields.getOrDefault("List-Unsubscribe", "").equals("One-Click")) {
            return false;
        }
        String address = fields.getOrDefault("address", "");
        return lists.locked(folder.get(), list -> {
            list.subscribers().remove(address);
            return true;
        });
    }

    private Optional<Path> find(Map<String, String> query) throws IOException {
        Optional<String> name = Subscribers.address(query.getOrDefault("list", ""));
        Optional<String> address = Subscribers.address(query.getOrDefault("address", ""));
        if (name.isEmpty() || address.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> folder = folder(maildirs, name.get());
        if (folder.isEmpty() || !java.nio.file.Files.exists(folder.get().resolve("outlocal"))) {
            return Optional.empty();
        }
        boolean right = lists.locked(
                folder.get(),
                list -> list.address().equalsIgnoreCase(name.get())
                        && list.cookies().isForever(query.getOrDefault("code", ""), WHAT + address.get()));
        return right ? folder : Optional.empty();
    }

    /// Where the list of an address of the directory is kept; empty for a name that is no folder's.
    static Optional<Path> folder(Path maildirs, String address) {
        Address split = Address.of(address);
        boolean plain = Subscribers.address(address).isPresent()
                && split.local().indexOf('/') < 0
                && !split.local().startsWith(".")
                && !split.domain().startsWith(".");
        return plain
                ? Optional.of(
                        maildirs.resolve("domains").resolve(split.domain()).resolve(split.local()))
                : Optional.empty();
    }
}
