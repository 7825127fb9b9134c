// Package view is shared by the views in Go: it learns from the gateway which view it is, and ends in good order.
package view

import (
	"encoding/json"
	"fmt"
)

// Subset is a part of the lake that the view may use.
type Subset struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Access string `json:"access"`
}

// View is what the gateway says about the view: in VIEW_NAME and VIEW_SUBSETS, or in an assignment.
type View struct {
	Name    string   `json:"name"`
	Subsets []Subset `json:"subsets"`
}

// fromEnvironment answers the view that a program runs in; outside of a gateway it is called other.
func fromEnvironment(get func(string) string, other string) (View, error) {
	var subsets []Subset
	if err := json.Unmarshal([]byte(valueOr(get("VIEW_SUBSETS"), "[]")), &subsets); err != nil {
		return View{}, fmt.Errorf("VIEW_SUBSETS is not a JSON list of subsets: %w", err)
	}
	return View{Name: valueOr(get("VIEW_NAME"), other), Subsets: withDefaults(subsets)}, nil
}

func withDefaults(subsets []Subset) []Subset {
	found := make([]Subset, len(subsets))
	for i, subset := range subsets {
		found[i] = Subset{subset.Bucket, subset.Prefix, valueOr(subset.Access, "read")}
	}
	return found
}

func valueOr(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
