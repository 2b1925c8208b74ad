package dev.boardwalk.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.boardwalk.testkit.Typing;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/**
 * One try at a call of the API.
 *
 * @param template of the path, as it is described; what is in braces, here, in the query and in the body, is filled in
 */
record WallDoor(String method, String template, String query, String body) {
    private static final String ALL = """
            GET /api/v1/projects
            GET /api/v1/projects/{project}/entities
            GET /api/v1/projects/{project}/entities ?cursor={cursor}
            POST /api/v1/projects/{project}/entities/batch | {"names":["board","spec"]}
            GET /api/v1/projects/{project}/entities/{name} ?fresh=true
            GET /api/v1/projects/{project}/entities/{name}/access
            GET /api/v1/projects/{project}/entities/{name}/attachments
            GET /api/v1/projects/{project}/entities/{name}/attachments/{attachment}
            POST /api/v1/projects/{project}/entities/{name}/attachments ?name=mine | mine
            POST /api/v1/projects/{project}/entities/{name}/attachments/uploads | {"name":"x","size":600000,"sha256":"00"}
            POST /api/v1/projects/{project}/entities/{name}/attachments/uploads/{attachment}
            GET /api/v1/projects/{project}/entities/{name}/update
            GET /api/v1/projects/{project}/entities/{name}/versions
            GET /api/v1/projects/{project}/entities/{name}/at ?time={time}
            GET /api/v1/projects/{project}/entities/{name}/at ?version={version}
            GET /api/v1/projects/{project}/entities/{name}/diff ?from={time}
            GET /api/v1/projects/{project}/entities/{name}/changes
            GET /api/v1/projects/{project}/entities/{name}/dependents ?depth=all
            GET /api/v1/projects/{project}/entities/{name}/dependents ?depth=all&element=A
            GET /api/v1/projects/{project}/entities/{name}/dependencies ?depth=all
            GET /api/v1/projects/{project}/entities/{name}/impact
            GET /api/v1/projects/{project}/entities/{name}/relationships
            GET /api/v1/projects/{project}/path ?from={name}&to=spec
            GET /api/v1/projects/{project}/cycles
            GET /api/v1/projects/{project}/retention
            GET /api/v1/projects/{project}/search
            GET /api/v1/search ?q=heliograph
            GET /api/v1/search ?q=heliogarph&near=plans/{name}
            POST /api/v1/cypher | {"query":"MATCH (a) OPTIONAL MATCH (a)-[r]->(b) RETURN a.title, type(r), b.title"}
            GET /api/v1/members
            GET /api/v1/audit
            GET /api/v1/webhooks/dead
            POST /api/v1/webhooks/dead/{id}/redeliver
            GET /api/v1/organisations
            POST /api/v1/organisations | {"name":"north-heliograph"}
            PUT /api/v1/organisations/{organisation}/suspension
            DELETE /api/v1/organisations/{organisation}/suspension
            DELETE /api/v1/organisations/{organisation}
            POST /api/v1/organisations/{organisation}/restore
            PATCH /api/v1/projects/{project}/entities/{name}/properties | {"meta":{"title":"of the south"}}
            POST /api/v1/projects/{project}/entities/{name}/versions | {"name":"of the south"}
            POST /api/v1/projects/{project}/entities/{name}/restore | {"time":"{time}"}
            POST /api/v1/projects/{project}/entities/{name}/restore | {"version":"{version}"}
            POST /api/v1/projects/{project}/entities/{name}/fork | {"time":"{time}","name":"forked"}
            POST /api/v1/projects/{project}/entities/{name}/share
            PUT /api/v1/projects/{project}/entities/{name}/relationships/{type}/{target}
            DELETE /api/v1/projects/{project}/entities/{name}/relationships/{type}/{target}
            POST /api/v1/projects/{project}/entities/{name}/update | {update}
            DELETE /api/v1/projects/{project}/entities/{name}/attachments/{attachment}
            PUT /api/v1/projects/{project}/retention | {"hourlyFor":"36h"}
            PUT /api/v1/projects/{project}/search | {"language":"german"}
            PUT /api/v1/members/{user} ?project=plans | {"role":"reader"}
            DELETE /api/v1/members/{user} ?project=plans
            DELETE /api/v1/projects/{project}/entities/{name}
            PUT /api/v1/projects/{name}/suspension
            DELETE /api/v1/projects/{name}/suspension
            DELETE /api/v1/projects/{name}
            POST /api/v1/projects/{name}/restore
            POST /api/v1/projects | {"name":"plans"}
            POST /api/v1/revocations | {"project":"plans"}
            POST /api/v1/revocations | {"user":"ada"}
            """;

    /** Tries at every call that there is: first what reads, then what writes, what destroys last. */
    static List<WallDoor> all() {
        return ALL.lines().map(WallDoor::of).toList();
    }

    private static WallDoor of(String line) {
        String[] parts = line.split(" \\| ", 2);
        String[] head = parts[0].strip().split(" ");
        return new WallDoor(head[0], head[1], head.length > 2 ? head[2] : "", parts.length > 1 ? parts[1] : "");
    }

    /**
     * Tries it in the project {@code plans}.
     *
     * @param name of the entity
     * @param values what else is filled in, by the words in braces
     */
    HttpResponse<String> enter(TokenGateway gateway, String token, String name, Map<String, String> values) {
        String path = filled(template.replace("/projects/{name}", "/projects/plans") + query, name, values);
        byte[] content = body.equals("{update}")
                ? new Typing(9).type("of the south")
                : filled(body, name, values).getBytes(UTF_8);
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/octet-stream";
        return gateway.call(method, path, token, content, "Content-Type", type);
    }

    private static String filled(String text, String name, Map<String, String> values) {
        String filled = text.replace("{name}", name);
        for (Map.Entry<String, String> each : values.entrySet()) {
            filled = filled.replace("{" + each.getKey() + "}", each.getValue());
        }
        return filled;
    }
}
