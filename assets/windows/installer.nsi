; The installer for Windows, for one person and without an administrator's rights. .ci/dist-windows compiles it and
; defines
;   VERSION, NUMBERS   the version, and the same as four numbers
;   COPYRIGHT          the line for the file's properties
;   FILES              the folder with all that is installed
;   SETUP              the installer to make
;   SIGN               the program that signs the uninstaller, or nothing
;
; Silent: partnerdesk-...-setup.exe /S [/D=C:\a\folder]   the folder without quotes, last, new or empty or Partnerdesk's
;         uninstall.exe /S [/DELETEDATA] [_?=C:\the\folder]
; The uninstaller goes on in a copy of itself, and whoever started it is not told how it ends. With _?=, without quotes
; and last, the installed one does the work itself and says so; its own file then stays.
; Exit status: 0 done, 1 cancelled, 2 failed, 3 Partnerdesk is running: nothing was changed.
Target amd64-unicode
Unicode true
ManifestSupportedOS Win10
ManifestDPIAware true
SetDateSave off ; or the setup would have the time of the checkout in it
SetCompressor /SOLID lzma
SetCompressorDictSize 64 ; the second copy of the desktop costs nothing then

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include nsDialogs.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Partnerdesk"
!define DATA "$APPDATA\partnerdesk"
!define STATUS_FAILED 2
!define STATUS_RUNNING 3

Name Partnerdesk
OutFile "${SETUP}"
BrandingText "Partnerdesk ${VERSION}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Partnerdesk"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" InstallLocation
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion ${NUMBERS}
VIFileVersion ${NUMBERS}
VIAddVersionKey CompanyName "The Partnerdesk authors"
VIAddVersionKey FileDescription "Partnerdesk Setup"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "${COPYRIGHT}"
VIAddVersionKey ProductName Partnerdesk
VIAddVersionKey ProductVersion "${VERSION}"

!if "${SIGN}" != ""
  !uninstfinalize '"${SIGN}" "%1"' = 0
!endif

!define MUI_ICON partnerdesk.ico
!define MUI_UNICON partnerdesk.ico
!define MUI_WELCOMEFINISHPAGE_BITMAP sidebar.bmp ; assets/Icon.png at 112 pixels on its own blue
!define MUI_ABORTWARNING

!insertmacro MUI_PAGE_LICENSE "${FILES}\LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\partnerdesk.exe"
!insertmacro MUI_PAGE_FINISH

UninstPage custom un.AskForData un.TakeAnswer
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE Norwegian
!include installer-words.nsh

; StopWhereRunning ends the installer or the uninstaller where one of the programs runs: Windows lets nobody write to the
; file of a program that does. A person is asked to close it; a silent run fails and has changed nothing.
!macro StopWhereRunning un
Function ${un}StopWhereRunning
  again:
  ClearErrors
  StrCpy $1 ""
  Push "$INSTDIR\partnerdesk.exe"
  Call ${un}Runs
  Push "$INSTDIR\software-opengl\partnerdesk.exe"
  Call ${un}Runs
  Push "$INSTDIR\partnerdesk-console.exe"
  Call ${un}Runs
  ${If} $1 != ""
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY again
    SetErrorLevel ${STATUS_RUNNING}
    Quit
  ${EndIf}
FunctionEnd

; Runs takes a program's path from the stack, and puts it into $1 if the program runs.
Function ${un}Runs
  Pop $0
  ${If} ${FileExists} $0
    ClearErrors
    FileOpen $2 $0 a
    ${If} ${Errors}
      StrCpy $1 $0
    ${Else}
      FileClose $2
    ${EndIf}
  ${EndIf}
FunctionEnd
!macroend
!insertmacro StopWhereRunning ""
!insertmacro StopWhereRunning "un."

Function .onInit
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel ${STATUS_FAILED}
    Quit
  ${EndIf}
  ; Updates and the uninstaller remove whole folders below this one: it must be ours alone.
  ${DirState} $INSTDIR $0
  ${If} $0 == 1
  ${AndIfNot} ${FileExists} $INSTDIR\partnerdesk.exe
  ${AndIfNot} ${FileExists} $INSTDIR\uninstall.exe
    MessageBox MB_OK|MB_ICONSTOP "$(NotOurs)" /SD IDOK
    SetErrorLevel ${STATUS_FAILED}
    Quit
  ${EndIf}
  Call StopWhereRunning
FunctionEnd

Section "Partnerdesk" Program
  SectionIn RO
  Call StopWhereRunning ; it may have been started while the pages were read
  ClearErrors
  SetOverwrite on
  SetOutPath $INSTDIR
  File "${FILES}\partnerdesk.exe"
  File "${FILES}\partnerdesk-console.exe"
  File "${FILES}\README.txt"
  File "${FILES}\LICENSE.txt"
  File "${FILES}\licences.txt"
  SetOutPath $INSTDIR\software-opengl ; what a person has put there stays
  File "${FILES}\software-opengl\partnerdesk.exe"
  File "${FILES}\software-opengl\README.txt"
  RMDir /r $INSTDIR\guide ; pictures of an older version
  SetOutPath $INSTDIR\guide
  !include "${GUIDE}" ; by name: with /r the files come in the order of the disk that the installer is made on
  WriteUninstaller $INSTDIR\uninstall.exe
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "$(Unwritable)" /SD IDOK
    SetErrorLevel ${STATUS_FAILED}
    Quit
  ${EndIf}

  SetOutPath $INSTDIR ; in which the programs start
  CreateDirectory $SMPROGRAMS\Partnerdesk
  CreateShortcut "$SMPROGRAMS\Partnerdesk\Partnerdesk.lnk" $INSTDIR\partnerdesk.exe
  CreateShortcut "$SMPROGRAMS\Partnerdesk\Partnerdesk (software OpenGL).lnk" $INSTDIR\software-opengl\partnerdesk.exe

  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayName Partnerdesk
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" Publisher "The Partnerdesk authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\partnerdesk.exe,0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" InstallLocation $INSTDIR
  WriteRegStr HKCU "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoRepair 1
  ${GetSize} $INSTDIR "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" EstimatedSize $0
SectionEnd

Section /o "$(Shortcut)" Shortcut
  SetOutPath $INSTDIR
  CreateShortcut $DESKTOP\Partnerdesk.lnk $INSTDIR\partnerdesk.exe
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Program} "$(AboutProgram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${Shortcut} "$(AboutShortcut)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Var DeleteData ; 1 where the data is to go too
Var Box

Function un.onInit
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 /DELETEDATA $1
  ${IfNot} ${Errors}
    StrCpy $DeleteData 1
  ${EndIf}
  Call un.StopWhereRunning
FunctionEnd

; AskForData is the page that says what goes, and asks whether the data goes too. It stays unless a person says so.
Function un.AskForData
  !insertmacro MUI_HEADER_TEXT "$(Removing)" "$(RemovingBelow)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 20u "$(Leaves)"
  Pop $0
  ${NSD_CreateCheckBox} 0 24u 100% 12u "$(DataToo)"
  Pop $Box
  ${NSD_SetState} $Box $DeleteData
  ${NSD_CreateLabel} 12u 40u -12u 90u "$(DataMeans)"
  Pop $0
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(Remove)"
  nsDialogs::Show
FunctionEnd

Function un.TakeAnswer
  ${NSD_GetState} $Box $DeleteData
FunctionEnd

; DeleteData removes the data directory. The key that seals it may be an entry of the Credential Manager, under a name
; that only the data file knows: the console moves the key into the directory before that goes.
Function un.DeleteData
  ${IfNot} ${FileExists} "${DATA}\*.*"
    Return
  ${EndIf}
  nsExec::Exec /TIMEOUT=60000 '"$INSTDIR\partnerdesk-console.exe" --data "${DATA}" protection change key-file'
  Pop $0
  ClearErrors
  RMDir /r "${DATA}"
  RMDir /r $APPDATA\fyne\dev.partnerdesk.desktop ; where Fyne keeps a program's preferences
  RMDir $APPDATA\fyne
  ${If} ${FileExists} "${DATA}\*.*"
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(DataStays)" /SD IDOK
    SetErrorLevel ${STATUS_FAILED}
  ${ElseIf} $0 != 0
    MessageBox MB_OK|MB_ICONINFORMATION "$(KeyStays)" /SD IDOK
  ${EndIf}
FunctionEnd

Section un.Partnerdesk
  Call un.StopWhereRunning
  ${If} $DeleteData == 1
    Call un.DeleteData
  ${EndIf}
  Delete $DESKTOP\Partnerdesk.lnk
  Delete "$SMPROGRAMS\Partnerdesk\Partnerdesk.lnk"
  Delete "$SMPROGRAMS\Partnerdesk\Partnerdesk (software OpenGL).lnk"
  RMDir $SMPROGRAMS\Partnerdesk
  RMDir /r $INSTDIR\guide
  RMDir /r $INSTDIR\software-opengl
  Delete $INSTDIR\partnerdesk.exe
  Delete $INSTDIR\partnerdesk-console.exe
  Delete $INSTDIR\README.txt
  Delete $INSTDIR\LICENSE.txt
  Delete $INSTDIR\licences.txt
  Delete $INSTDIR\uninstall.exe
  RMDir $INSTDIR ; only if nothing else is in it
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
