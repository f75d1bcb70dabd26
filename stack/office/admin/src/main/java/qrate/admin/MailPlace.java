package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.qcontrol.Whose;

/// Whose mail a request is about: everybody's, that of a domain by all its names, or that of a mailbox by all names of
/// its domain. Who may is the router's.
///
/// @param name of the domain or the mailbox; empty for everybody's
/// @param path of the page about it
/// @param mailbox whether it is a mailbox's
/// @param names of the domain, also of the mailbox's; none for everybody's
record MailPlace(String name, String path, Whose whose, boolean mailbox, List<String> names) {
    /// What a request's path names; empty where there is none.
    ///
    /// @param page end of the path: `/trace`
    static Optional<MailPlace> of(Request request, Domains domains, String page) throws IOException {
        String address = request.path("address");
        if (!address.isEmpty()) {
            Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(address);
            return mailbox.isEmpty() ? Optional.empty() : Optional.of(ofMailbox(mailbox.get(), domains, page));
        }
        if (request.path("domain").isEmpty()) {
            return Optional.of(new MailPlace("", page, Whose.ALL, false, List.of()));
        }
        Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
        return domain.isEmpty()
                ? Optional.empty()
                : Optional.of(ofDomain(domain.get().real(), domains, page));
    }

    private static MailPlace ofDomain(String name, Domains domains, String page) throws IOException {
        List<String> names = names(name, domains);
        return new MailPlace(name, Pages.pathOf("domains", name) + page, Whose.domains(names.stream()), false, names);
    }

    private static MailPlace ofMailbox(EditableDirectory.Mailbox mailbox, Domains domains, String page)
            throws IOException {
        String address = mailbox.address();
        List<String> names = names(domain(address), domains);
        return new MailPlace(
                address,
                Pages.pathOf("mailboxes", address) + page,
                Whose.mailbox(mailbox.local(), names.stream()),
                true,
                names);
    }

    private static List<String> names(String domain, Domains domains) throws IOException {
        return Stream.concat(Stream.of(domain), domains.otherNames(domain).stream())
                .toList();
    }

    private static String domain(String name) {
        return name.substring(name.lastIndexOf('@') + 1);
    }

    /// The domain that it is or is in; empty for everybody's.
    String domain() {
        return domain(name);
    }

    /// Whether it is everybody's.
    boolean everybody() {
        return name.isEmpty();
    }
}
