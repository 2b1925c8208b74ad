package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.store.Revocation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessStoreTest extends DatabaseTest {
    private AccessStore access() {
        return database.access();
    }

    @Test
    void an_organisation_is_made_once_however_many_ask() {
        OrganisationAccount first = answer(access().organisation("acme"));
        assertThat(first.open()).isTrue();
        assertThat(answer(access().organisation("acme")).id()).isEqualTo(first.id());
        assertThatThrownBy(() -> answer(access().create("acme", "root"))).isInstanceOf(StoreException.Conflict.class);
        assertThat(answer(access().organisations("", 1_000)))
                .extracting(OrganisationAccount::name)
                .contains("acme", "local");
    }

    @Test
    void closing_and_opening_an_organisation_is_told_and_noted() {
        OrganisationId id = answer(access().create("closing", "root")).id();
        assertThat(answer(access().suspend("closing", true, "root"))).isTrue();
        assertThat(answer(access().suspend("closing", true, "root"))).isFalse();
        assertThat(answer(access().organisation("closing")).open()).isFalse();
        assertThat(answer(access().suspend("closing", false, "root"))).isTrue();
        assertThat(answer(access().delete("closing", true, "root"))).isTrue();
        assertThat(answer(access().organisation("closing")).deletedAt()).isNotNull();
        assertThat(answer(access().organisations("", 1_000)))
                .extracting(OrganisationAccount::name)
                .doesNotContain("closing");
        assertThat(answer(access().delete("closing", false, "root"))).isTrue();
        assertThat(answer(access().delete("no such organisation", true, "root")))
                .isFalse();

        assertThat(answer(access().audit(id, Long.MAX_VALUE, 10)))
                .extracting(AuditEntry::action)
                .containsExactly(
                        "organisation.restored",
                        "organisation.deleted",
                        "organisation.resumed",
                        "organisation.suspended",
                        "organisation.created");
        assertThat(revocationsOf(id)).extracting(Revocation::kind).hasSize(4).containsOnly(Kind.ORGANISATION);
    }

    @Test
    void roles_are_kept_by_user_and_project_inside_one_organisation() {
        OrganisationId id = answer(access().organisation("roles")).id();
        OrganisationId other = answer(access().organisation("roles of others")).id();
        answer(access().putMember(id, new Member("ada", "", "reader"), "root"));
        answer(access().putMember(id, new Member("ada", "plans", "editor"), "root"));
        answer(access().putMember(id, new Member("ada", "plans", "owner"), "root"));
        answer(access().putMember(id, new Member("bob", "plans", "reader"), "root"));
        answer(access().putMember(other, new Member("ada", "secret", "owner"), "root"));

        assertThat(answer(access().roles(id, "ada"))).isEqualTo(Map.of("", "reader", "plans", "owner"));
        List<Member> all = answer(access().members(id, "", "", 2));
        assertThat(all).containsExactly(new Member("ada", "", "reader"), new Member("ada", "plans", "owner"));
        assertThat(answer(access().members(id, "ada", "plans", 2)))
                .containsExactly(new Member("bob", "plans", "reader"));

        assertThat(answer(access().removeMember(id, "ada", "plans", "root"))).isTrue();
        assertThat(answer(access().removeMember(id, "ada", "plans", "root"))).isFalse();
        assertThat(answer(access().roles(id, "ada"))).isEqualTo(Map.of("", "reader"));
        assertThat(revocationsOf(id)).extracting(Revocation::value).containsExactly("ada", "ada", "ada", "bob", "ada");
    }

    @Test
    void a_revocation_is_found_by_those_who_look_later() {
        OrganisationId id = answer(access().organisation("revoking")).id();
        var at = answer(access().revoke(id, Kind.TOKEN, "t1", "ada"));
        assertThat(revocationsOf(id)).singleElement().satisfies(found -> {
            assertThat(found.kind()).isEqualTo(Kind.TOKEN);
            assertThat(found.value()).isEqualTo("t1");
            assertThat(found.at()).isEqualTo(at);
        });
        assertThat(answer(access().audit(id, Long.MAX_VALUE, 10)))
                .extracting(AuditEntry::action, AuditEntry::actor, AuditEntry::subject)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("revoked.token", "ada", "t1"));
    }

    private List<Revocation> revocationsOf(OrganisationId id) {
        return answer(access().revocations(Duration.ofHours(1))).stream()
                .filter(found -> found.organisation().equals(id))
                .toList();
    }
}
