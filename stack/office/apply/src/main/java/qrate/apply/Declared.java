package qrate.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import qrate.directory.EditableDirectory;
import qrate.directory.Property;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.wordings.Phrase;

/// What the file says, checked as far as a file can be by itself. Names are in their one spelling.
///
/// @param control files by name
/// @param administrators by name
/// @param words what everybody is written whose domain says nothing
/// @param domains by name
record Declared(
        Named<ControlLines> control, Named<DeclaredPassword> administrators, Words words, Named<Domain> domains) {
    /// What a control file holds.
    ///
    /// @param kept whether it is left as it is, whatever that is
    record ControlLines(boolean kept, List<String> lines) {}

    /// A domain.
    ///
    /// @param aliasDomains its other names
    /// @param catchAll from the address that is there to the one that shall be, empty for none
    /// @param limits the same for limits
    /// @param mailboxes by local part
    /// @param aliases targets by local part
    /// @param lists by local part
    /// @param words what its people are written
    record Domain(
            Named<Boolean> aliasDomains,
            UnaryOperator<String> catchAll,
            UnaryOperator<EditableDirectory.Limits> limits,
            Named<Mailbox> mailboxes,
            Named<List<String>> aliases,
            Named<MailingList> lists,
            Words words) {}

    /// What people are written.
    ///
    /// @param language what they read; not said: as it is
    /// @param texts by {@link Phrase#word}; an empty one is the built-in one
    record Words(Optional<String> language, Named<Map<Language, String>> texts) {}

    /// A mailbox.
    ///
    /// @param settings what is said; the rest stays
    record Mailbox(DeclaredPassword secret, Map<Property, Object> settings) {}

    /// A mailing list.
    ///
    /// @param people addresses by their set
    record MailingList(UnaryOperator<ListSettings> settings, Map<ListSet, List<String>> people) {}
}
