package qrate.directory;

import java.util.List;
import java.util.Map;
import qrate.checkpassword.AppSecret;
import qrate.core.ControlFile;
import qrate.directory.EditableDirectory.Alias;
import qrate.directory.EditableDirectory.Limits;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;

/// A change of the directory, as a value: pages, REST, commands, import and `apply` make one, and
/// {@link EditableDirectory#apply} does it.
///
/// Names stand in any spelling, and by each name of a domain; the one that was done, for the audit log, has them as
/// they are stored. None shows a password: {@link Password} shows none. Switches over it have no default, so that a new
/// one does not compile until each reader knows it.
public sealed interface Edit {
    // --- domains -----------------------------------------------------------------------------------------------------

    /// Adds a domain and its postmaster.
    record AddDomain(String domain, Password postmaster) implements Edit {}

    /// Removes a domain with all its mail, or an alias domain; and what {@link EditableDirectory#losses} says.
    record DeleteDomain(String domain) implements Edit {}

    /// Makes a second name for a domain.
    record AddAliasDomain(String domain, String alias) implements Edit {}

    /// Sends mail for everybody who is not there to an address; empty for nobody, so that it is refused;
    /// {@link EditableDirectory.Domain#DROPS} throws it away.
    record SetCatchAll(String domain, String target) implements Edit {}

    /// Sets what a domain's people are written in its own words; empty for what is built in.
    ///
    /// @param domain empty for this system, which says it where a domain says nothing
    record SetText(String domain, Phrase wording, Language language, String text) implements Edit {}

    /// Says what a domain's people read, as BCP 47 spells it; empty for nothing.
    ///
    /// @param domain empty for this system
    record SetLanguage(String domain, String language) implements Edit {}

    /// Sets how much a domain may have.
    record SetLimits(String domain, Limits limits) implements Edit {}

    // --- mailboxes ---------------------------------------------------------------------------------------------------

    /// What can be done to many mailboxes in one change: {@link Domains#applyAll}.
    sealed interface OfMailbox permits DeleteMailbox, Modify {
        /// The mailbox that it is done to.
        String address();
    }

    /// Adds a mailbox with its domain's quota, and makes its Maildir.
    record AddMailbox(String address, Password password) implements Edit {}

    /// Removes a mailbox with all its mail; for seven days {@link RestoreMailbox} brings it back.
    record DeleteMailbox(String address) implements Edit, OfMailbox {}

    /// Makes a removed mailbox one again, with the mail that it had.
    ///
    /// @param number as {@link DeletedMailbox#number} says it
    record RestoreMailbox(String address, long number) implements Edit {}

    /// Removes what is kept of a removed mailbox, for good.
    ///
    /// @param number as {@link DeletedMailbox#number} says it
    record ForgetMailbox(String address, long number) implements Edit {}

    /// Sets a mailbox's password, which ends its owner's sessions.
    ///
    /// @param keepTokens whether tokens and app passwords stay
    record SetPassword(String address, Password password, boolean keepTokens) implements Edit {
        /// The same, and these end too.
        public SetPassword(String address, Password password) {
            this(address, password, false);
        }
    }

    /// Sets the password of whoever has the link that went to his recovery address, once; it ends his sessions.
    ///
    /// @param holder of the link: address, or an administrator's name
    /// @param language of the page, in which he is told
    /// @param keepTokens whether tokens and app passwords stay
    record ResetPassword(String holder, ResetKey key, Password password, Language language, boolean keepTokens)
            implements Edit {}

    /// Hashes a password anew that was found to be right, where its hash is of an older kind.
    ///
    /// @param before the hash that it was found to have
    record RenewHash(String address, Password.Hashed before, Password.Clear password) implements Edit {}

    /// Sets properties of a mailbox; those that are not named stay.
    record Modify(String address, Map<Property, Object> values) implements Edit, OfMailbox {
        /// Keeps a copy.
        public Modify {
            values = Map.copyOf(values);
        }
    }

    /// Sets what senders are answered while a mailbox's owner is away.
    record SetVacation(String address, Vacation vacation) implements Edit {
        /// Without what is answered.
        @Override
        public String toString() {
            return "SetVacation[address=" + address + ", on=" + vacation.on() + "]";
        }
    }

    /// Sets where a mailbox's mail goes on to.
    record SetForward(String address, Forwarding forward) implements Edit {}

    /// Makes a password of one program; it opens the same doors as the mailbox's own, where the wish says so.
    ///
    /// @param secret made by whoever shows it; it cannot be chosen
    record AddAppPassword(String address, AppPasswords.Wish wish, AppSecret secret) implements Edit {}

    /// Ends a password of one program.
    record EndAppPassword(String address, String id) implements Edit {}

    // --- aliases -----------------------------------------------------------------------------------------------------

    /// Adds one target to an alias; beside a mailbox of that name it gets copies.
    record AddAlias(Alias line) implements Edit {}

    /// Removes one target of an alias.
    record DeleteAlias(Alias line) implements Edit {}

    // --- mailing lists
    // ------------------------------------------------------------------------------------------------

    /// Makes a mailing list, or sets what one is set to, and lets its mail in.
    record SetList(String address, ListSettings settings) implements Edit {}

    /// Adds addresses to one of a list's sets; those that are there stay.
    record AddToList(String address, ListSet set, List<String> addresses) implements Edit {
        /// Keeps a copy.
        public AddToList {
            addresses = List.copyOf(addresses);
        }
    }

    /// Takes addresses out of one of a list's sets.
    record TakeFromList(String address, ListSet set, List<String> addresses) implements Edit {
        /// Keeps a copy.
        public TakeFromList {
            addresses = List.copyOf(addresses);
        }
    }

    /// Removes a list with its subscribers and archive.
    record RemoveList(String address) implements Edit {}

    // --- control files -----------------------------------------------------------------------------------------------

    /// Makes a control file (qmail-control(5)) what is said, beside the directory's own lines in it.
    ///
    /// @param lines one for a file of one value; without what the directory writes for its domains
    record SetControl(ControlFile file, List<String> lines) implements Edit {
        /// Keeps a copy.
        public SetControl {
            lines = List.copyOf(lines);
        }

        /// Without the lines, which may hold passwords.
        @Override
        public String toString() {
            return "SetControl[file=" + file.file() + ", lines=" + lines.size() + "]";
        }
    }

    /// Removes a control file: what holds without it counts then.
    record RemoveControl(ControlFile file) implements Edit {}

    // --- who administers the system, and who is signed in ------------------------------------------------------------

    /// Adds an administrator.
    record AddAdministrator(String name, Password password) implements Edit {}

    /// Gives an administrator another password, which ends his sessions.
    ///
    /// @param keepTokens whether tokens stay
    record SetAdministratorPassword(String name, Password password, boolean keepTokens) implements Edit {}

    /// Says where an administrator who has forgotten his password is sent a link; empty for nowhere.
    record SetAdministratorRecovery(String name, String recovery) implements Edit {}

    /// Removes an administrator; never the last one.
    record RemoveAdministrator(String name) implements Edit {}

    /// Sets the second factor of an administrator or a mailbox's owner, which ends his sessions.
    ///
    /// @param holder name or address
    /// @param step of the code that showed that his program has it, which is right no more
    record SetSecondFactor(String holder, Totp totp, long step, RecoveryCodes codes) implements Edit {}

    /// Gives somebody who has a second factor new recovery codes in the place of those before.
    ///
    /// @param holder name or address
    record SetRecoveryCodes(String holder, RecoveryCodes codes) implements Edit {}

    /// Adds a passkey of an administrator or a mailbox's owner. The first thing beside the password ends his sessions.
    ///
    /// @param holder name or address
    /// @param codes those that he has from now on, where he had no second factor
    record AddPasskey(String holder, Passkey passkey, RecoveryCodes codes) implements Edit {}

    /// Removes one's own passkey; the sessions end where the password alone is enough then.
    ///
    /// @param holder as it is stored
    record RemovePasskey(String holder, String id) implements Edit {}

    /// Takes somebody's second factor away, passkeys and all, which ends his sessions.
    record RemoveSecondFactor(String holder) implements Edit {}

    /// Ends a token.
    ///
    /// @param holder the only holder whose tokens may be meant; empty for anybody's
    record EndToken(String id, String holder) implements Edit {}

    /// Ends all tokens of a holder.
    record EndTokens(String holder) implements Edit {}

    /// Ends a session on the pages.
    ///
    /// @param holder the only holder whose sessions may be meant; empty for anybody's
    record EndSession(String id, String holder) implements Edit {}

    /// Ends all sessions of a holder.
    record EndSessions(String holder) implements Edit {}
}
