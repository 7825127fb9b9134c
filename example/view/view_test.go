package view

import (
	"encoding/json"
	"strings"
	"testing"
)

func from(environment map[string]string) func(string) string {
	return func(name string) string { return environment[name] }
}

func TestAViewReadsItsNameAndItsSubsets(t *testing.T) {
	found, err := fromEnvironment(from(map[string]string{
		"VIEW_NAME":    "sales",
		"VIEW_SUBSETS": `[{"bucket":"lake","prefix":"sales/"},{"bucket":"lake","access":"readwrite"}]`,
	}), "other")
	if err != nil {
		t.Fatal(err)
	}
	if found.Name != "sales" || len(found.Subsets) != 2 {
		t.Fatalf("got %+v", found)
	}
	if found.Subsets[0] != (Subset{"lake", "sales/", "read"}) || found.Subsets[1] != (Subset{"lake", "", "readwrite"}) {
		t.Errorf("got %+v", found)
	}
}

func TestWithoutAGatewayThereAreNoSubsets(t *testing.T) {
	found, err := fromEnvironment(from(nil), "other")
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := json.Marshal(found); string(text) != `{"name":"other","subsets":[]}` {
		t.Errorf("got %s", text)
	}
}

func TestSubsetsThatAreNoJSONAreAnError(t *testing.T) {
	_, err := fromEnvironment(from(map[string]string{"VIEW_SUBSETS": "lake"}), "other")
	if err == nil || !strings.Contains(err.Error(), "VIEW_SUBSETS") {
		t.Errorf("got %v", err)
	}
}
