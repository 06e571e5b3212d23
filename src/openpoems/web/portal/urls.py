"""The front pages, consent, carers, and who belongs where."""

from django.urls import path

from openpoems.web.portal.views import carers, consent, front, members, mydata

urlpatterns = [
    path("", front.home, name="home"),
    path("health/", front.health, name="health"),
    path("language/", front.language, name="language"),
    path("start/", front.start, name="start"),
    path("people/<pseudonym>/consent/", consent.consent, name="consent"),
    path("people/<pseudonym>/consent/receipt.pdf", consent.consent_receipt, name="consent-receipt"),
    path("people/<pseudonym>/consent/opt-out/", consent.leave, name="opt-out"),
    path("people/<pseudonym>/consent/<purpose>/", consent.decision, name="consent-decision"),
    path("people/<pseudonym>/centre/", consent.centre_choice, name="centre-choice"),
    path("people/<pseudonym>/carers/", carers.carers, name="carers"),
    path("people/<pseudonym>/carers/<int:tie>/end/", carers.end_carer, name="carer-end"),
    path(
        "people/<pseudonym>/carers/invitations/<int:number>/end/",
        carers.end_carer_invitation,
        name="carer-invitation-end",
    ),
    path("people/<pseudonym>/data/", mydata.show, name="my-data"),
    path("people/<pseudonym>/data/<form>/", mydata.download, name="my-data-file"),
    path("people/<pseudonym>/stop-caring/", carers.stop_caring, name="stop-caring"),
    path("invitations/<secret>/", carers.invitation, name="invitation"),
    # The person's number is not called <pseudonym>: before consent no record is theirs to see, only the centre.
    path("centres/<slug>/paper-consent/<number>/", consent.paper, name="paper-consent"),
    path("centres/<slug>/staff/", members.staff, name="staff"),
    path("centres/<slug>/staff/<int:number>/end/", members.end_staff, name="staff-end"),
    path(
        "centres/<slug>/staff/invitations/<int:number>/end/",
        members.end_staff_invitation,
        name="staff-invitation-end",
    ),
    path("site/centres/", members.site_centres, name="site-centres"),
    path("site/members/", members.site_members, name="site-members"),
    path("site/members/<int:number>/end/", members.end_member, name="member-end"),
    path("site/invitations/<int:number>/end/", members.end_member_invitation, name="member-invitation-end"),
]
