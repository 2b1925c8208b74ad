package dev.boardwalk.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The allowed arrows between modules and packages, checked on the classes of the whole product. */
class ArchitectureTest {
    private static final String CRDT = "dev.boardwalk.crdt..";
    private static final String STORE = "dev.boardwalk.store..";
    private static final String COMPACTOR = "dev.boardwalk.compactor..";
    private static final String LIVE = "dev.boardwalk.gateway.live..";

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.boardwalk");
        Set<String> modules = new TreeSet<>();
        product.forEach(type -> modules.add(type.getPackageName().split("\\.")[2]));
        assertThat(modules)
                .as("modules whose classes are on the path")
                .contains("crdt", "store", "compactor", "gateway");
    }

    @Test
    void crdt_knows_neither_the_server_nor_the_database() {
        noClasses()
                .that()
                .resideInAPackage(CRDT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "java.sql..", "org.postgresql..", STORE)
                .check(product);
    }

    @Test
    void store_takes_bytes_for_bytes() {
        noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CRDT)
                .check(product);
    }

    @Test
    void gateway_and_compactor_meet_in_the_database_only() {
        noClasses()
                .that()
                .resideInAPackage("dev.boardwalk.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(COMPACTOR)
                .check(product);
        noClasses()
                .that()
                .resideInAPackage(COMPACTOR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.boardwalk.gateway..")
                .check(product);
    }

    @Test
    void search_knows_the_database_and_nothing_else_of_ours() {
        noClasses()
                .that()
                .resideInAPackage("dev.boardwalk.search..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CRDT, COMPACTOR, "dev.boardwalk.gateway..", "dev.boardwalk.graph..")
                .check(product);
    }

    @Test
    void the_s3_client_stays_behind_its_seam() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.boardwalk\\.store\\.S3.*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.minio..", "okhttp3..")
                .check(product);
    }

    @Test
    void crdt_and_store_do_not_know_who_uses_them() {
        noClasses()
                .that()
                .resideInAnyPackage(CRDT, STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.boardwalk.gateway..")
                .check(product);
    }

    @Test
    void the_codecs_need_no_native_engine() {
        noClasses()
                .that()
                .resideInAPackage("dev.boardwalk.crdt.sync..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.boardwalk.crdt")
                .check(product);
    }

    @Test
    void the_live_entity_is_driven_by_events_alone() {
        noClasses()
                .that()
                .resideInAPackage(LIVE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "io.netty..",
                        STORE,
                        "dev.boardwalk.crdt",
                        "dev.boardwalk.gateway",
                        "java.time..",
                        "java.util.concurrent..",
                        "java.nio.file..",
                        "java.net..",
                        "java.sql..")
                .because("a seeded simulator replays it: no clock, no threads, no input or output")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage(LIVE)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(product);
    }

    @Test
    void native_methods_are_in_one_class() {
        Set<String> owners = new TreeSet<>();
        for (JavaClass type : product) {
            if (type.getMethods().stream()
                    .anyMatch(method -> method.getModifiers().contains(JavaModifier.NATIVE))) {
                owners.add(type.getName());
            }
        }
        assertThat(owners).hasSizeLessThanOrEqualTo(1).allMatch(name -> name.startsWith("dev.boardwalk.crdt."));
    }

    @Test
    void what_is_below_a_websocket_is_touched_in_one_class() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.boardwalk\\.gateway\\.WebSocketWire(\\$.*)?")
                .and()
                .resideOutsideOfPackage("dev.boardwalk.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core..impl..", "io.vertx.core.internal..")
                .check(product);
    }

    @Test
    void packages_do_not_go_in_circles() {
        SlicesRuleDefinition.slices()
                .matching("dev.boardwalk.(**)")
                .should()
                .beFreeOfCycles()
                .check(product);
    }
}
