#!/bin/sh
# Puts deploy/nginx.conf in place for one host name, on a Debian 12 or 13 with nginx and openssl. As root:
#   deploy/edge.sh HOST
# Safe to run again: run it again after certbot has its first certificate. Until then a placeholder, which browsers refuse,
# lets nginx start. What nginx refuses is not put in place.
set -eu
# nginx and certbot read what is made here as other users.
umask 022

refuse() {
  echo "$1" >&2
  exit "${2:-1}"
}

host=${1:-}
case $host in
'' | *[!a-z0-9.-]* | [.-]* | *[.-] | *..*) refuse "HOST is \"$host\": it must be a name in small letters, for example campaign.org" 2 ;;
*.*) ;;
*) refuse "HOST is \"$host\": it must be a whole name, for example campaign.org" 2 ;;
esac
command -v nginx >/dev/null || refuse "nginx is missing: apt-get install --yes nginx"
command -v openssl >/dev/null || refuse "openssl is missing: apt-get install --yes openssl"

nginx=/etc/nginx
issued=/etc/letsencrypt/live/$host
mkdir -p /var/www/letsencrypt

if [ ! -e "$nginx/placeholder/fullchain.pem" ]; then
  mkdir -p -m 0700 "$nginx/placeholder"
  # The key first: one without the other is made anew.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$nginx/placeholder/privkey.pem" \
    -out "$nginx/placeholder/fullchain.pem.new" 2>/dev/null
  mv "$nginx/placeholder/fullchain.pem.new" "$nginx/placeholder/fullchain.pem"
fi
if [ -e "$issued/fullchain.pem" ]; then certificate=$issued; else certificate=$nginx/placeholder; fi
ln -sfn "$certificate" "$nginx/certificate"

# A kernel without IPv6 has no such address to listen on.
if [ -e /proc/net/if_inet6 ]; then without=; else without='/listen \[::\]/d'; fi
# nginx 1.22 of Debian 12 has no directive "http2"; from 1.25.1 on the word behind "listen" is deprecated.
if nginx -v 2>&1 | awk -F '[/. ]' '{ exit !($4 * 1000000 + $5 * 1000 + $6 >= 1025001) }'; then
  http2='s/^\( *listen .*\) http2/\1/; s/^ *server_tokens off;/&\n    http2 on;/'
else
  http2=
fi
sed -e "s/campaign\.org/$host/g" -e "$without" -e "$http2" "$(dirname "$0")/nginx.conf" >"$nginx/nginx.conf.new"
nginx -t -q -c "$nginx/nginx.conf.new" || refuse "nginx refuses $nginx/nginx.conf.new: nothing was put in place"
[ -e "$nginx/nginx.conf.debian" ] || cp "$nginx/nginx.conf" "$nginx/nginx.conf.debian"
mv "$nginx/nginx.conf.new" "$nginx/nginx.conf"

if [ -d /run/systemd/system ]; then
  systemctl reload-or-restart nginx
elif [ -s /run/nginx.pid ] && kill -0 "$(cat /run/nginx.pid)" 2>/dev/null; then
  nginx -s reload
else
  echo "nginx does not run: start it."
fi
if [ "$certificate" = "$issued" ]; then
  echo "The configuration for $host is in place, with its certificate."
else
  echo "The configuration for $host is in place, with a placeholder. Get a certificate with certbot, then run this again."
fi
