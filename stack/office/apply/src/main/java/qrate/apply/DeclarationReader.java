package qrate.apply;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import qrate.directory.Accounts;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Words;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.snapshots.Names;
import qrate.wordings.Phrase;

/// Reads the file into {@link Declared}: every name and value is checked here, before anything is touched.
///
/// @param cost of new password hashes
/// @param passwords reads the files that `password_file` names
record DeclarationReader(int cost, PasswordFiles passwords) {
    private static final String LANGUAGE = "language";
    private static final String TEXTS = "texts";
    private static final Set<String> LANGUAGES =
            Arrays.stream(Language.values()).map(Language::tag).collect(Collectors.toCollection(TreeSet::new));

    static final String POSTMASTER = "postmaster";

    private static final Set<String> PASSWORD = Set.of("password", "password_hash", "password_file");
    private static final Set<String> MAILBOX = mailbox();
    private static final String UPDATE = "update_password";
    private static final String QUOTA = "quota";
    private static final String REWRITE = "rewrite_from";

    /// Reads a file with one password.
    @FunctionalInterface
    interface PasswordFiles {
        String read(String name) throws IOException;
    }

    Declared read(byte[] bytes) throws BadFile {
        Section top = Section.of(Yaml.read(bytes), "", Set.of("control", "administrators", "domains", LANGUAGE, TEXTS));
        return new Declared(
                ControlReader.read(top), administrators(top), words(top), sorted(top.each("domains", this::domain)));
    }

    private Named<DeclaredPassword> administrators(Section top) throws BadFile {
        Named<DeclaredPassword> read = top.each("administrators", (name, value, path) -> {
            Section one = Section.of(value, path, with(PASSWORD));
            if (!Accounts.isName(name)) {
                throw new BadFile(one.mark(), path + ": is no name for an administrator");
            }
            return secret(one);
        });
        return sorted(read);
    }

    private static <T> Named<T> sorted(Named<T> named) {
        return new Named<>(named.said(), new TreeMap<>(named.all()));
    }

    private static Set<String> with(Set<String> some, String... more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(more));
        return all;
    }

    private Declared.Domain domain(String name, Value value, String path) throws BadFile {
        Section one = Section.of(
                value,
                path,
                Set.of("alias_domains", "catch_all", "limits", "mailboxes", "aliases", "lists", LANGUAGE, TEXTS));
        if (!Names.domain(name)
                .filter(name::equals)
                .filter(n -> n.contains("."))
                .isPresent()) {
            throw new BadFile(
                    one.mark(),
                    path + ": is no mail domain, or is not spelled as it is stored: "
                            + Names.domain(name).orElse("a name with a dot"));
        }
        Named<Declared.Mailbox> mailboxes = one.each("mailboxes", this::mailbox);
        Named<List<String>> aliases = one.each("aliases", DeclarationReader::targets);
        for (Map.Entry<String, List<String>> alias : aliases.all().entrySet()) {
            if (alias.getValue().contains(alias.getKey() + "@" + name)) {
                throw one.bad("aliases", alias.getKey() + ": an alias cannot lead to itself");
            }
        }
        Named<Declared.MailingList> lists = one.each("lists", (local, list, at) -> list(local + "@" + name, list, at));
        for (String list : lists.all().keySet()) {
            if (mailboxes.all().containsKey(list)
                    || aliases.all().containsKey(list)
                    || aliases.all().containsKey(list + Lister.DEFAULT)) {
                throw one.bad("lists", list + ": a mailbox or alias has the name of the list");
            }
        }
        return new Declared.Domain(
                aliasDomains(one),
                catchAll(one),
                limits(one, path),
                sorted(mailboxes),
                sorted(aliases),
                sorted(lists),
                words(one));
    }

    private static Declared.Words words(Section one) throws BadFile {
        Optional<String> language = one.text(LANGUAGE);
        if (language.isPresent()
                && !language.get().isEmpty()
                && Language.spelled(language.get()).isEmpty()) {
            throw one.bad(LANGUAGE, "must be one of " + LANGUAGES + ", or empty");
        }
        return new Declared.Words(language, sorted(one.each(TEXTS, DeclarationReader::text)));
    }

    private static Map<Language, String> text(String name, Value value, String path) throws BadFile {
        Section one = Section.of(value, path, LANGUAGES);
        Phrase wording = Phrase.of(name).orElseThrow(() -> new BadFile(one.mark(), path + ": there is no such text"));
        Map<Language, String> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            Optional<String> text = one.text(language.tag());
            Optional<Refusal> refusal = text.filter(said -> !said.isEmpty()).flatMap(said -> Refusal.of(wording, said));
            if (refusal.isPresent()) {
                throw one.refused(language.tag(), refusal.get());
            }
            text.ifPresent(said -> all.put(language, said));
        }
        return all;
    }

    private static Named<Boolean> aliasDomains(Section one) throws BadFile {
        Map<String, Boolean> all = new TreeMap<>();
        Optional<List<String>> names = one.texts("alias_domains");
        for (String alias : names.orElse(List.of())) {
            String spelled = Names.domain(alias)
                    .orElseThrow(() -> one.bad("alias_domains", BadFile.shown(alias) + ": is no domain"));
            all.put(spelled, true);
        }
        return new Named<>(names.isPresent(), all);
    }

    private static UnaryOperator<String> catchAll(Section one) throws BadFile {
        Optional<String> text = one.text("catch_all");
        if (text.isEmpty()) {
            return before -> before;
        }
        String target = text.get().isEmpty() || text.get().equals(EditableDirectory.Domain.DROPS)
                ? text.get()
                : EditableDirectory.Alias.target(text.get()).orElseThrow(() -> one.bad("catch_all", "is no address"));
        return _ -> target;
    }

    private static UnaryOperator<EditableDirectory.Limits> limits(Section domain, String path) throws BadFile {
        Optional<Value> value = domain.value("limits");
        if (value.isEmpty()) {
            return before -> before;
        }
        Section one = Section.of(value.get(), path + ".limits", Set.of("mailboxes", "aliases", QUOTA));
        Optional<Integer> mailboxes = one.number("mailboxes");
        Optional<Integer> aliases = one.number("aliases");
        Optional<Quota> quota = quota(one);
        if (quota.isPresent() && quota.get().messages() > 0) {
            throw one.bad(QUOTA, "a number of bytes: a new mailbox has no limit on messages");
        }
        return before -> new EditableDirectory.Limits(
                mailboxes.orElse(before.mailboxes()),
                aliases.orElse(before.aliases()),
                quota.map(Quota::bytes).orElse(before.quotaBytes()));
    }

    private static Optional<Quota> quota(Section one) throws BadFile {
        Optional<String> text = one.text(QUOTA);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(Quota.parse(text.get())
                        .orElseThrow(() -> one.bad(QUOTA, "must be a quota: 50MB, 1GB, 50MB,1000C or NOQUOTA")));
    }

    private static Set<String> mailbox() {
        Set<String> names = new TreeSet<>(with(PASSWORD, UPDATE));
        for (Property property : Property.values()) {
            names.add(property.word());
        }
        return names;
    }

    private Declared.Mailbox mailbox(String local, Value value, String path) throws BadFile {
        Section one = Section.of(value, path, MAILBOX);
        if (!Names.local(local).filter(local::equals).isPresent()) {
            throw new BadFile(one.mark(), path + ": is no local part of a mailbox (small letters, without @domain)");
        }
        Map<Property, Object> settings = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            Optional<?> said = switch (property.kind()) {
                case FLAG -> one.truth(property.word());
                case QUOTA -> quota(one);
                case TEXT, LANGUAGE, ADDRESS -> one.text(property.word());
            };
            said.ifPresent(set -> settings.put(property, set));
        }
        return new Declared.Mailbox(secret(one), settings);
    }

    private DeclaredPassword secret(Section one) throws BadFile {
        List<String> said = one.names().stream()
                .filter(name -> PASSWORD.contains(name) && one.value(name).isPresent())
                .toList();
        boolean always = switch (one.text(UPDATE).orElse("always")) {
            case "always" -> true;
            case "on_create" -> false;
            default -> throw one.bad(UPDATE, "must be always or on_create");
        };
        if (said.isEmpty()) {
            return new DeclaredPassword.None();
        }
        String kind = said.getFirst();
        if (said.size() > 1) {
            throw one.badName(said.get(1), "one of password, password_hash and password_file");
        }
        String text = one.text(kind).orElseThrow();
        Password password = switch (kind) {
            case "password" -> new Password.Clear(text);
            case "password_hash" -> new Password.Hashed(text);
            default -> {
                try {
                    yield new Password.Clear(passwords.read(text));
                } catch (IOException e) {
                    throw one.bad(kind, BadFile.shown(String.valueOf(e.getMessage())));
                }
            }
        };
        Optional<Refusal> problem = password.problem(cost);
        if (problem.isPresent()) {
            throw one.bad(kind, Words.english().of(problem.get()));
        }
        return new DeclaredPassword.Given(password, always);
    }

    private static List<String> targets(String local, Value value, String path) throws BadFile {
        if (!Names.alias(local).filter(local::equals).isPresent()) {
            throw new BadFile(value.mark(), path + ": is no local part of an alias (small letters, without @domain)");
        }
        Set<String> all = new TreeSet<>();
        for (String text : texts(value, path)) {
            all.add(EditableDirectory.Alias.target(text)
                    .orElseThrow(
                            () -> new BadFile(value.mark(), path + ": " + BadFile.shown(text) + " is no address")));
        }
        if (all.isEmpty()) {
            throw new BadFile(value.mark(), path + ": an alias leads to one address or more");
        }
        return List.copyOf(all);
    }

    private static List<String> texts(Value value, String path) throws BadFile {
        Section around = Section.of(
                new Value.Members(
                        Map.of("addresses", new Value.Member(value.mark(), value)), value.mark(), value.size() + 1),
                path);
        return around.texts("addresses").orElse(List.of());
    }

    private static Declared.MailingList list(String address, Value value, String path) throws BadFile {
        Set<String> known = with(ListSettings.FLAGS.keySet(), "owner", "prefix", "one_click", REWRITE);
        known.addAll(ListSet.words());
        Section one = Section.of(value, path, known);
        boolean name = Lists.address(address).filter(address::equals).isPresent()
                && Names.local(address.substring(0, address.lastIndexOf('@'))).isPresent();
        if (!name) {
            throw new BadFile(one.mark(), path + ": is no local part of a list (small letters, without @domain)");
        }
        Optional<String> owner = one.text("owner");
        if (owner.isPresent() && Lists.address(owner.get()).isEmpty()) {
            throw one.bad("owner", "is no address");
        }
        Optional<String> prefix = one.text("prefix").map(String::strip);
        if (prefix.isPresent() && prefix.get().indexOf('\n') >= 0) {
            throw one.bad("prefix", "must be one line");
        }
        Optional<Boolean> oneClick = one.truth("one_click");
        Optional<String> rewrite = one.text(REWRITE);
        if (rewrite.isPresent() && ListSettings.Rewrite.of(rewrite.get()).isEmpty()) {
            throw one.bad(REWRITE, "must be auto, always or never");
        }
        Map<Character, Boolean> flags = new LinkedHashMap<>();
        for (Map.Entry<String, ListSettings.Flag> flag : ListSettings.FLAGS.entrySet()) {
            Optional<Boolean> truth = one.truth(flag.getKey());
            truth.ifPresent(on ->
                    flags.put(flag.getValue().letter(), on == flag.getValue().on()));
        }
        Map<ListSet, List<String>> people = new EnumMap<>(ListSet.class);
        for (ListSet set : ListSet.values()) {
            Optional<List<String>> addresses = one.texts(set.word());
            if (addresses.isPresent()) {
                people.put(set, people(one, set.word(), addresses.get()));
            }
        }
        if (people.containsKey(ListSet.DENY)) {
            flags.put(ListSettings.DENY, true); // its folder is there
        }
        UnaryOperator<ListSettings> settings = before -> new ListSettings(
                owner.map(text -> text.toLowerCase(Locale.ROOT)).orElse(before.owner()),
                overlaid(before.flags(), flags),
                prefix.orElse(before.prefix()),
                oneClick.orElse(before.oneClick()),
                rewrite.flatMap(ListSettings.Rewrite::of).orElse(before.rewriteFrom()));
        return new Declared.MailingList(settings, people);
    }

    private static List<String> people(Section one, String set, List<String> texts) throws BadFile {
        Set<String> all = new TreeSet<>();
        for (String text : texts) {
            all.add(Lists.address(text).orElseThrow(() -> one.bad(set, BadFile.shown(text) + ": is no address")));
        }
        return List.copyOf(all);
    }

    private static Set<Character> overlaid(Set<Character> before, Map<Character, Boolean> said) {
        Set<Character> flags = new TreeSet<>(before);
        said.forEach((letter, on) -> {
            if (on) {
                flags.add(letter);
            } else {
                flags.remove(letter);
            }
        });
        return flags;
    }
}
