package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"partnerdesk/assets"
)

// What is linked and has no licence in About would be given away against its terms.
func TestEveryLinkedModuleHasItsLicence(t *testing.T) {
	listed, err := assets.Licences()
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for i, l := range listed {
		has[l.Module+" "+l.Version] = true
		if l.Kind == "own terms" || len(l.Text) < 200 || !strings.Contains(strings.ToLower(l.Text), "copyright") {
			t.Errorf("%s: %s, %d characters", l.Module, l.Kind, len(l.Text))
		}
		if i > 2 && listed[i-1].Module >= l.Module {
			t.Errorf("%s comes twice, or too late", l.Module)
		}
	}
	modules, err := linked()
	if err != nil || len(modules) < 30 {
		t.Fatalf("%d modules, %v", len(modules), err)
	}
	for _, m := range modules {
		if name := m.Path + " " + m.Version; !has[name] {
			t.Errorf("%s is linked and has no licence in the list: run go generate ./assets", name)
		}
	}
	if len(listed) != len(modules)+2 {
		t.Errorf("%d licences for Partnerdesk, Go and %d modules: run go generate ./assets", len(listed), len(modules))
	}
	ours, err := os.ReadFile("../../LICENSE")
	if err != nil || listed[0].Text != strings.TrimSpace(string(ours)) || !has["Go "] {
		t.Errorf("ours is another: %v", fmt.Sprint(err))
	}
}

func TestALicenceIsKnownByItsWords(t *testing.T) {
	for text, want := range map[string]string{
		"Permission is hereby granted, free\n of charge, to": "MIT", "Apache License\nVersion 2.0, January 2004": "Apache-2.0",
		"Redistribution and use in source and binary forms": "BSD-2-Clause", "Do what you like": "own terms",
	} {
		if got := kindOf(text); got != want {
			t.Errorf("%q is %s", text, got)
		}
	}
}
